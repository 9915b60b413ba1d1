export { Action, knownError } from './action.svelte';
export { AppState, getApp, setApp } from './app-state.svelte';
export { AppearanceState } from './appearance.svelte';
export { Clock } from './clock.svelte';
export { Connection, type LastingListener } from './connection.svelte';
export { handOver } from './files';
export { HostTransport, type EvenkeelHost, type Transport } from './host';
export { activeStates, isActive, JobFollow } from './job-follow.svelte';
export { LiveStream, type LiveStatus } from './live.svelte';
export { saveFile } from './save-file';
export { takeToken, WebSocketTransport } from './web-socket-transport';
export {
  branches,
  OverviewStore,
  type NextFrame,
  type PairBranch,
  type ServiceBranch,
  type SiteBranch,
} from './overview-store.svelte';
export { countNodes, serversNeedingFix, type Counts } from './counts';
