export { default as NodeInspector } from './node-inspector.svelte';
export { placeOf, type Place } from './place-of';
