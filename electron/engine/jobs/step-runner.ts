import type { PlanStep } from '#shared/contract/plans';
import type { Progress } from '#shared/contract/jobs';
import { EvenkeelError, type ErrorDetails } from '#shared/errors';
import { toErrorShape, type ErrorItem } from './error-shape';
import { linkSignals, type LinkedSignal } from './linked-signal';
import type { LiveJob } from './live-job';
import type { JobParts } from './parts';
import type { StepContext } from './step-kind';
import { Throttle } from './throttle';

export type StepEnd =
  | { readonly end: 'done' }
  | { readonly end: 'cancelled' }
  | { readonly end: 'stopped' }
  | { readonly end: 'failed'; readonly error: ErrorItem };

const progressEveryMs = 100;
const inspectMs = 60_000;
/** No step may hold its units for ever: twenty times its estimate, an hour at least. */
const leastDeadlineMs = 3_600_000;
/** A longer timer would fire at once. */
const longestTimer = 2 ** 31 - 1;

/** Runs, inspects and takes back single steps of one job, each written to the journal before and after. */
export class StepRunner {
  constructor(
    private readonly job: LiveJob,
    private readonly parts: JobParts,
  ) {}

  async run(step: PlanStep): Promise<StepEnd> {
    const { journal, cancelled } = this.job;
    const begin = {
      state: 'running',
      startedAt: this.parts.now(),
      endedAt: null,
      error: null,
      progress: null,
    } as const;
    await journal.set(step.id, begin);
    this.job.begin(step, step.title);
    const throttle = this.throttle(step);
    const { signal, release } = this.signal(step, cancelled.signal);
    try {
      const state = await this.parts.catalogue.step(step).run(this.context(step, signal, throttle), step.input);
      throttle.flush();
      await journal.set(step.id, { state, endedAt: this.parts.now() });
      return { end: 'done' };
    } catch (error) {
      throttle.flush();
      return await this.broken(step, signal, error);
    } finally {
      release();
      this.job.end(step);
    }
  }

  /** Takes a step back. `null`: done; else the error. Not to be cancelled; only the engine's stop interrupts it. */
  async undo(step: PlanStep): Promise<ErrorItem | null> {
    const { undo } = this.parts.catalogue.step(step);
    if (undo === null) return null;
    const { journal } = this.job;
    const { state, error: failure } = journal.entry(step.id);
    // Why it failed stays; why an earlier try to take it back failed does not.
    const error = state === 'undoing' ? null : failure;
    await journal.set(step.id, { state: 'undoing', error, progress: null });
    this.job.begin(step, `Undo: ${step.title}`);
    const throttle = this.throttle(step);
    const { signal, release } = this.signal(step);
    try {
      await undo(this.context(step, signal, throttle), step.input);
      throttle.flush();
      await journal.set(step.id, { state: 'undone', endedAt: this.parts.now() });
      return null;
    } catch (caught) {
      throttle.flush();
      await journal.flush();
      const where = { step: `Undo: ${step.title}`, unchanged: 'No step before this one was taken back.' };
      const shape = this.shape(step, where, caught);
      // Stays `undoing`: whatever comes next must take it back again, not believe it done.
      if (!this.parts.stopped.aborted) await journal.set(step.id, { error: shape });
      return shape;
    } finally {
      release();
      this.job.end(step);
    }
  }

  /** Does the effect stand? `unknown` also when it cannot be read or not in time. */
  async inspect(step: PlanStep): Promise<'done' | 'not-done' | 'unknown'> {
    const { signal, release } = linkSignals(inspectMs, this.parts.stopped);
    const late = new Promise<'unknown'>((resolve) => {
      signal.addEventListener('abort', () => resolve('unknown'), { once: true });
    });
    const context = this.context(step, signal, this.throttle(step));
    const asked = Promise.resolve()
      .then(() => this.parts.catalogue.step(step).inspect(context, step.input))
      .catch((error: unknown) => {
        this.note(step, 'warning', `The state could not be read: ${this.shape(step, {}, error).message}`);
        return 'unknown' as const;
      });
    try {
      return await Promise.race([asked, late]);
    } finally {
      release();
    }
  }

  note(step: PlanStep, level: 'info' | 'warning' | 'error', text: string): void {
    this.job.journal.note(step.id, { at: this.parts.now(), level, text, code: false });
  }

  private async broken(step: PlanStep, signal: AbortSignal, error: unknown): Promise<StepEnd> {
    const { journal, cancelled } = this.job;
    // When the journal itself cannot be written, this throws and the job stands as if the engine had stopped here.
    await journal.flush();
    if (this.parts.stopped.aborted) return { end: 'stopped' };
    const endedAt = this.parts.now();
    if (cancelled.signal.aborted) {
      const shape = this.shape(step, {}, new EvenkeelError('aborted', {}, 'The step was cancelled.'));
      if (!isAbort(error)) this.note(step, 'warning', this.shape(step, {}, error).message);
      await journal.set(step.id, { state: 'cancelled', endedAt, error: shape });
      return { end: 'cancelled' };
    }
    const unchanged = step.risk === 'none' ? 'This step changes nothing.' : 'No step after this one was run.';
    const shape = this.shape(step, { unchanged }, signal.aborted ? new EvenkeelError('deadline', {}) : error);
    await journal.set(step.id, { state: 'failed', endedAt, error: shape });
    return { end: 'failed', error: shape };
  }

  private context(step: PlanStep, signal: AbortSignal, throttle: Throttle<Progress>): StepContext {
    const { journal, plan, id } = this.job;
    return {
      jobId: id,
      plan,
      step,
      signal,
      note: (text, options = {}) => {
        const { level = 'info', code = false } = options;
        journal.note(step.id, { at: this.parts.now(), level, text, code });
      },
      progress: (progress) => throttle.offer(progress),
      remember: (memory) => journal.remember(step.id, memory),
      recall: () => journal.memory(step.id),
      recallOf: (stepId) => journal.memory(stepId),
      now: this.parts.now,
    };
  }

  private throttle(step: PlanStep): Throttle<Progress> {
    return new Throttle(progressEveryMs, (progress) => {
      this.job.journal.progress(step.id, progress);
      this.job.progressed(step, progress);
    });
  }

  private signal(step: PlanStep, ...others: readonly AbortSignal[]): LinkedSignal {
    const deadlineMs = Math.min(longestTimer, Math.max(leastDeadlineMs, step.estimateSeconds * 20_000));
    return linkSignals(deadlineMs, this.parts.stopped, ...others);
  }

  private shape(step: PlanStep, more: ErrorDetails, error: unknown): ErrorItem {
    return toErrorShape(error, { unit: step.unitName, step: step.title, ...more }, this.parts.log);
  }
}

function isAbort(error: unknown): boolean {
  if (error instanceof EvenkeelError) return error.code === 'aborted';
  return error instanceof Error && error.name === 'AbortError';
}
