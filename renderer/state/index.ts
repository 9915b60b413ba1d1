export { AppState, getApp, setApp } from './app-state.svelte';
export { AppearanceState } from './appearance.svelte';
export { Clock } from './clock.svelte';
export { Connection, type LastingListener } from './connection.svelte';
export { HostTransport, type EvenkeelHost, type Transport } from './host';
export { LiveStream, type LiveStatus } from './live.svelte';
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
