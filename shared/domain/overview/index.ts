export { counts, type OverviewCounts } from './counts';
export { findPairs, type Pairing, type PairMember } from './pairs';
export { pairPicture } from './picture';
export { serverVerdict, usesDirectRouting } from './server';
export { serviceVerdict } from './service';
export { failover, stateChange, type KnownState, type NewTransition, type StatefulNode } from './transitions';
export type { DrFact, DrQuery, PairInput, PairPicture, UnitInput, UnitJob, WindowsRef } from './types';
export { confirmations, isDown, isFresh } from './unit';
export { planAvailability, statusAfter, type AvailabilityAction, type AvailabilityInput } from './availability';
