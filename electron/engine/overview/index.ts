import { overviewHandlers, type OverviewHandlers } from './handlers';
import { Overview } from './overview';
import type { OverviewDeps } from './types';

export type { Overview } from './overview';
export type { OverviewHandlers } from './handlers';
export type { Clock, OverviewDeps, ReadFailure, UnitJobs, UnitReading } from './types';
export { systemClock } from './clock';
export { unitJobsOf } from './unit-jobs';
export { describeCall } from './plan';
export { proveAvailability } from './plan-kind';
export { availabilityInput, availabilitySteps, type AvailabilityRef } from './steps';

export interface OverviewCapability {
  /** `start` begins to read; `catalogue` is for the jobs. */
  readonly overview: Overview;
  readonly handlers: OverviewHandlers;
}

export function createOverview(deps: OverviewDeps): OverviewCapability {
  const overview = new Overview(deps);
  return { overview, handlers: overviewHandlers(overview, deps) };
}
