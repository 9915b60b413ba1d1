export { createUpdates } from './create';
export type { Updates } from './create';
export type { KnownUnit, UpdateAudit, UpdatesDeps, UpdateTimes, UpdateUnits } from './deps';
