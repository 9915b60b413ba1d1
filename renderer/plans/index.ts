export { default as PlanDialog } from './plan-dialog.svelte';
