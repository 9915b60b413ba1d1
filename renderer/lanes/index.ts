export { default as LaneFilter } from './lane-filter.svelte';
export { default as LaneList } from './lane-list.svelte';
export { default as LaneTrack } from './lane-track.svelte';
export { lanesOf, type Guard, type Lane, type LaneState } from './lane-model';
export { groupsOf, groupWords, guardWord, laneMarks, laneWord, ranked } from './lane-words';
export { default as LaneMark } from './lane-mark.svelte';
export { rove } from './rove';
export { default as StepList } from './step-list.svelte';
