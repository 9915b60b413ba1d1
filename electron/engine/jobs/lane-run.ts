import type { PlanStep } from '#shared/contract/plans';
import type { ErrorItem } from './error-shape';
import type { LiveJob } from './live-job';
import type { JobParts } from './parts';
import { recoverStep } from './recover';
import type { StepRunner } from './step-runner';
import { takeBack } from './take-back';

export type LaneEnd =
  | { readonly end: 'finished' | 'untouched' | 'stopped' }
  /** It failed, or was cancelled, and everything of it was taken back. */
  | { readonly end: 'taken-back'; readonly error: ErrorItem | null }
  /** It could not be taken back whole, or only a person can tell how it stands. */
  | { readonly end: 'stuck'; readonly error: ErrorItem };

/** One lane of a job, from where its journal stands to its end; a lane that fails or is cancelled takes itself back. */
export class LaneRun {
  constructor(
    readonly id: string,
    readonly steps: readonly PlanStep[],
    private readonly job: LiveJob,
    private readonly parts: JobParts,
    private readonly runner: StepRunner,
  ) {}

  begun(): boolean {
    return this.steps.some((step) => this.stateOf(step) !== 'pending');
  }

  finished(): boolean {
    return this.steps.every((step) => ['done', 'skipped'].includes(this.stateOf(step)));
  }

  async forward(): Promise<LaneEnd> {
    if (this.turnedBack()) return this.back();
    const running = this.steps.find((step) => this.stateOf(step) === 'running');
    if (running !== undefined && !this.gaveUp()) {
      const found = await recoverStep(running, this.job, this.parts, this.runner);
      if (found.then === 'stopped') return { end: 'stopped' };
      if (found.then === 'ask') return { end: 'stuck', error: found.error };
      if (found.then === 'take-back') return this.back();
    }
    for (const step of this.steps) {
      const state = this.stateOf(step);
      if (state === 'done' || state === 'skipped') continue;
      if (this.parts.stopped.aborted) return { end: 'stopped' };
      if (this.gaveUp()) return this.back();
      const { end } = await this.runner.run(step);
      if (end === 'stopped') return { end: 'stopped' };
      if (end !== 'done') return this.back();
    }
    return { end: 'finished' };
  }

  /** Takes the lane back; what has not begun stays untouched. */
  async back(): Promise<LaneEnd> {
    if (!this.begun()) return { end: 'untouched' };
    const taken = await takeBack(this.steps, this.job, this.parts, this.runner);
    if (taken.end !== 'done') return taken;
    return { end: 'taken-back', error: this.error() };
  }

  /** Clears what was taken back, so that the lane may run again from its first step. */
  async reset(): Promise<void> {
    // Still being taken back: that goes on first.
    if (!this.turnedBack() || this.steps.some((step) => this.stateOf(step) === 'undoing')) return;
    for (const step of this.steps) if (this.stateOf(step) !== 'pending') await this.job.journal.reset(step.id);
  }

  /** A step failed, was cancelled, or is taken back: the lane goes no further forward. */
  turnedBack(): boolean {
    return this.steps.some((step) => ['failed', 'cancelled', 'undoing', 'undone'].includes(this.stateOf(step)));
  }

  /** Why it failed; `null` when a person cancelled it. */
  private error(): ErrorItem | null {
    const errors = this.steps.flatMap((step) => this.job.journal.entry(step.id).error ?? []);
    return errors.find((error) => error.code !== 'aborted') ?? null;
  }

  private stateOf(step: PlanStep) {
    return this.job.journal.entry(step.id).state;
  }

  private gaveUp(): boolean {
    return this.job.cancelled.signal.aborted || this.job.intent === 'cancel';
  }
}
