import type { PlanStep } from '#shared/contract/plans';
import { EvenkeelError } from '#shared/errors';
import { toItem, type ErrorItem } from './error-shape';
import type { LiveJob } from './live-job';
import type { JobParts } from './parts';
import type { StepRunner } from './step-runner';

export type Recovered =
  | { readonly then: 'go-on' }
  | { readonly then: 'stopped' }
  | { readonly then: 'take-back' | 'ask'; readonly error: ErrorItem };

/** What a crash in the middle of a step means, written into the journal. Never guesses. */
export async function recoverStep(
  step: PlanStep,
  job: LiveJob,
  parts: JobParts,
  runner: StepRunner,
): Promise<Recovered> {
  runner.note(step, 'warning', 'The engine stopped in the middle of this step. Its effect is looked for.');
  const found = await runner.inspect(step);
  if (parts.stopped.aborted) return { then: 'stopped' };
  if (found === 'done') {
    runner.note(step, 'info', 'Its effect stands: the step is done.');
    await job.journal.set(step.id, { state: 'done', endedAt: parts.now() });
    return { then: 'go-on' };
  }
  const seen = found === 'not-done' ? 'Its effect does not stand' : 'Whether its effect stands cannot be read';
  const rule = parts.catalogue.step(step).whenInterrupted;
  if (rule === 'resume') {
    runner.note(step, 'info', `${seen}: the step runs again, which is safe.`);
    await job.journal.set(step.id, { state: 'pending', endedAt: null });
    return { then: 'go-on' };
  }
  const error = interruptedError(step);
  runner.note(step, 'warning', rule === 'undo' ? `${seen}: the job is taken back.` : `${seen}: a person decides.`);
  await job.journal.set(step.id, { state: 'failed', endedAt: parts.now(), error });
  return { then: rule === 'undo' ? 'take-back' : 'ask', error };
}

export function interruptedError(step: PlanStep | null): ErrorItem {
  const details = { ...(step !== null && { unit: step.unitName, step: step.title }) };
  return toItem(new EvenkeelError('engine_lost', details, 'The engine stopped in the middle of this step.'));
}
