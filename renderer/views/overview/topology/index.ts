export { MapController } from './map-controller.svelte';
export { default as MapLegend } from './map-legend.svelte';
export type { FindNode } from './map-nodes';
export { default as TopologyMap } from './topology-map.svelte';
