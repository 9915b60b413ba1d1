import type { JobSummary } from '#shared/contract/jobs';
import type { PlanLanes } from '#shared/contract/plans';
import type { ErrorItem } from './error-shape';
import { errorOf, Lanes, type LaneOutcome } from './lanes';
import type { LiveJob } from './live-job';
import type { JobParts } from './parts';
import { proveJob, proveLanes } from './prove';
import { interruptedError } from './recover';
import type { StepRunner } from './step-runner';

export type LanesResult =
  | { readonly then: 'stopped' }
  | { readonly then: 'ask'; readonly verdict: JobSummary['verdict']; readonly error: ErrorItem }
  | {
      readonly then: 'succeeded' | 'failed' | 'cancelled' | 'undone';
      readonly verdict: JobSummary['verdict'];
      readonly error: ErrorItem | null;
    };

/** What the ends of its lanes mean for a job. */
export class LanesRun {
  private readonly lanes: Lanes;

  constructor(
    private readonly plan: PlanLanes,
    private readonly job: LiveJob,
    private readonly parts: JobParts,
    private readonly runner: StepRunner,
  ) {
    this.lanes = new Lanes(plan, job, parts, runner);
  }

  /** `again`: lanes that were taken back run once more. */
  async forward(again: boolean): Promise<LanesResult> {
    if (again) await this.lanes.reset();
    const outcomes = await this.lanes.forward();
    if (this.parts.stopped.aborted) return { then: 'stopped' };
    if (!outcomes.every(({ end }) => end.end === 'finished')) return this.sumUp(outcomes);
    const proof = await proveJob(this.job, this.parts);
    if (proof === null) return { then: 'stopped' };
    return { then: proof.state, verdict: proof.verdict, error: proof.error };
  }

  /** Takes back what a cancel must not leave in the middle. */
  async back(): Promise<LanesResult> {
    const outcomes = await this.lanes.back();
    return this.parts.stopped.aborted ? { then: 'stopped' } : this.sumUp(outcomes);
  }

  private async sumUp(outcomes: readonly LaneOutcome[]): Promise<LanesResult> {
    const { job } = this;
    const finished = outcomes.filter(({ end }) => end.end === 'finished').flatMap(({ lane }) => lane.steps);
    const undone = job.plan.steps.filter((step) => job.journal.entry(step.id).state === 'undone');
    if (!(await proveLanes(job, this.parts, this.runner, { finished, undone }))) return { then: 'stopped' };
    const error = errorOf(outcomes);
    const verdict = 'not-proved';
    const stuck = outcomes.some(({ end }) => end.end === 'stuck');
    if (stuck) return { then: 'ask', verdict: 'pending', error: error ?? interruptedError(null) };
    if (job.cancelled.signal.aborted || job.intent === 'cancel') return { then: 'cancelled', verdict, error };
    // Nothing of it stands: there is nothing to ask about, and the units need not be held.
    if (finished.length === 0) return { then: undone.length > 0 ? 'undone' : 'failed', verdict, error };
    if (this.plan.onFailure === 'go-on' || error === null) return { then: 'failed', verdict, error };
    return { then: 'ask', verdict: 'pending', error };
  }
}
