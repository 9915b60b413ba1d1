export { default as PlanDialog } from './plan-dialog.svelte';
export { default as ExportMenu } from './export-menu.svelte';
export { planFileName, planHtml, planJson, planSeconds } from './export-plan';
export { default as StartForm } from './start-form.svelte';
