import type { PlanStep } from '#shared/contract/plans';
import type { ErrorItem } from './error-shape';
import type { LiveJob } from './live-job';
import type { JobParts } from './parts';
import type { StepRunner } from './step-runner';

export type TakenBack =
  | { readonly end: 'stopped' }
  /** A step could not be taken back; it and the steps before it stand. */
  | { readonly end: 'stuck'; readonly error: ErrorItem }
  /** These are taken back, now or earlier. */
  | { readonly end: 'done'; readonly undone: readonly PlanStep[] };

/** Takes back, in reverse, what of these steps was done. Going on after a crash or a failure is the same call again. */
export async function takeBack(
  steps: readonly PlanStep[],
  job: LiveJob,
  parts: JobParts,
  runner: StepRunner,
): Promise<TakenBack> {
  const halted = (): boolean => parts.stopped.aborted;
  for (const step of steps.toReversed()) {
    if (halted()) return { end: 'stopped' };
    if (!(await isToUndo(step, job, parts, runner))) continue;
    const error = await runner.undo(step);
    if (halted()) return { end: 'stopped' };
    if (error !== null) return { end: 'stuck', error };
  }
  return { end: 'done', undone: steps.filter((step) => job.journal.entry(step.id).state === 'undone') };
}

/**
 * Done steps are taken back. One that broke off is taken back when it had written down that it was about to change
 * something, or when its effect is found; otherwise it changed nothing.
 */
async function isToUndo(step: PlanStep, job: LiveJob, parts: JobParts, runner: StepRunner): Promise<boolean> {
  if (parts.catalogue.step(step).undo === null) return false;
  const { state, error } = job.journal.entry(step.id);
  if (state === 'done' || state === 'undoing') return true;
  if (state !== 'failed' && state !== 'cancelled' && state !== 'running') return false;
  if (Object.keys(job.journal.memory(step.id)).length > 0) return true;
  const found = await runner.inspect(step);
  return found === 'done' || (found === 'unknown' && error?.code === 'engine_lost');
}
