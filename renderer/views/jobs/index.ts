export { default as Outcome } from './outcome.svelte';
