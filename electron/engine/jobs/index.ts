export { jobHandlers } from './handlers';
export { Jobs, type JobsOptions } from './jobs';
export type { StartOptions, Started } from './start';
export type { PlanStore, UnitLocks } from './plan-store';
export { nothingSent } from './nothing-sent';
export { createProgress, type ProgressMeter } from './progress';
export {
  stepKind,
  type JobCatalogue,
  type JobOutcome,
  type Memory,
  type PlanKind,
  type StepContext,
  type StepKind,
} from './step-kind';
