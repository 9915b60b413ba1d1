export { createUpdates } from './create';
export { knownUnits } from './known-units';
export type { Updates } from './create';
export type { KnownUnit, UpdateAudit, UpdatesDeps, UpdateTimes, UpdateUnits } from './deps';
