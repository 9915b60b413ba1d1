export { default as Below } from './below.svelte';
export { default as CellClients } from './cell-clients.svelte';
export { sectionsOf } from './sections';
export { default as WireAnswers } from './wire-answers.svelte';
