import type { JobSummary } from '#shared/contract/jobs';
import type { PlanStep } from '#shared/contract/plans';
import { closeJob } from './close';
import { toErrorShape, type ErrorItem } from './error-shape';
import { LanesRun } from './lanes-run';
import { linkSignals } from './linked-signal';
import type { LiveJob } from './live-job';
import type { JobParts } from './parts';
import { changesSomething } from './plans';
import { proveJob, proveUndo } from './prove';
import { interruptedError, recoverStep } from './recover';
import { StepRunner } from './step-runner';
import { takeBack } from './take-back';

const recheckMs = 300_000;

type Choices = JobSummary['choices'];

/**
 * Takes one job from where its journal stands to its end, to a question for a person, or to the engine's stop. It may
 * be called again at any time after: everything it needs to know is in the journal.
 */
export class JobRun {
  private readonly steps: StepRunner;
  private readonly lanes: LanesRun | null;

  constructor(
    private readonly job: LiveJob,
    private readonly parts: JobParts,
  ) {
    this.steps = new StepRunner(job, parts);
    const { lanes } = job.plan;
    this.lanes = lanes === undefined ? null : new LanesRun(lanes, job, parts, this.steps);
  }

  /** `again`: a person asked for it. Rejects only when the journal cannot be written; the job then stands as after a crash. */
  async run(again = false): Promise<void> {
    if (this.job.intent === 'undo') return this.backward();
    return this.forward(again);
  }

  private async forward(again: boolean): Promise<void> {
    const { job, parts } = this;
    const startedAt = job.summary.startedAt ?? parts.now();
    await job.set({ state: 'running', startedAt, choices: [], error: null });
    if (this.gaveUp()) return this.cancel();
    if (this.lanes === null && !(await this.recover())) return;
    if (!this.begun()) {
      const error = await this.recheck();
      if (this.halted()) return;
      if (this.gaveUp()) return this.cancel();
      if (error !== null) return this.finish('failed', error);
    }
    if (this.lanes !== null) return this.inLanes(this.lanes, again);
    if (!(await this.inOrder())) return;
    if (this.halted()) return;
    const proof = await proveJob(job, parts);
    if (proof === null) return;
    await job.set({ verdict: proof.verdict });
    return this.finish(proof.state, proof.error);
  }

  /** Every step after the one before it. False: the job does not come to its proof. */
  private async inOrder(): Promise<boolean> {
    for (const step of this.job.plan.steps) {
      const state = this.stateOf(step);
      if (state === 'done' || state === 'skipped') continue;
      if (this.halted()) return false;
      if (this.gaveUp()) {
        await this.cancel();
        return false;
      }
      const result = await this.steps.run(step);
      if (result.end === 'cancelled') await this.cancel();
      if (result.end === 'failed') await this.failed(result.error);
      if (result.end !== 'done') return false;
    }
    return true;
  }

  private async inLanes(lanes: LanesRun, again: boolean): Promise<void> {
    const result = await lanes.forward(again);
    if (result.then === 'stopped') return;
    await this.job.set({ verdict: result.verdict, error: result.error });
    if (result.then !== 'ask') return this.finish(result.then, result.error);
    const choices: Choices = this.gaveUp() ? ['undo', 'stop'] : ['resume', ...this.undoChoice(), 'stop'];
    return this.ask(result.error, choices);
  }

  /** Takes back what was done, in reverse. A step that cannot be taken back makes the job wait for a person. */
  private async backward(): Promise<void> {
    const { job } = this;
    await job.set({ state: 'undoing', choices: [], intent: 'undo' });
    const undone = await this.takeBack(job.plan.steps);
    if (undone === null) return;
    await job.set({ verdict: 'not-proved' });
    if (undone > 0) return this.finish('undone', job.summary.error);
    return this.finish(this.gaveUp() ? 'cancelled' : 'failed', job.summary.error);
  }

  /** How many steps are taken back now; `null` when the engine stops or a person has to decide. */
  private async takeBack(steps: readonly PlanStep[]): Promise<number | null> {
    const taken = await takeBack(steps, this.job, this.parts, this.steps);
    if (taken.end === 'stopped') return null;
    if (taken.end === 'stuck') {
      await this.ask(taken.error, ['undo', 'stop']);
      return null;
    }
    if (taken.undone.length > 0) await proveUndo(this.job, this.parts, this.steps, taken.undone);
    return this.halted() ? null : taken.undone.length;
  }

  /** What a crash in the middle of a step means. False: the job does not go on forward. */
  private async recover(): Promise<boolean> {
    const step = this.job.plan.steps.find((item) => this.stateOf(item) === 'running');
    if (step === undefined) return true;
    const found = await recoverStep(step, this.job, this.parts, this.steps);
    if (found.then === 'ask') await this.ask(found.error, ['resume', ...this.undoChoice(), 'stop']);
    if (found.then === 'take-back') {
      await this.job.set({ error: found.error });
      await this.backward();
    }
    return found.then === 'go-on';
  }

  private async failed(error: ErrorItem): Promise<void> {
    const { job } = this;
    await job.set({ error });
    if (job.plan.onFailure === 'undo') return this.backward();
    const touched = job.plan.steps.some((step) => changesSomething(step) && this.stateOf(step) !== 'pending');
    // Only reading was done: there is nothing to go on with or to take back, and the units need not be held.
    if (!touched) return this.finish('failed', error);
    return this.ask(error, ['resume', ...this.undoChoice(), 'stop']);
  }

  private async cancel(): Promise<void> {
    const { job, lanes } = this;
    await job.set({ intent: 'cancel' });
    if (lanes !== null) {
      await job.set({ state: 'undoing', choices: [] });
      const result = await lanes.back();
      if (result.then === 'ask') return this.ask(result.error, ['undo', 'stop']);
      return result.then === 'stopped' ? undefined : this.finish(result.then, result.error);
    }
    if (job.plan.onFailure === 'undo' && this.begun()) return this.backward();
    const middle = this.unfinishedLanes();
    if (middle.length > 0) {
      // The intent stays: after a crash only these lanes are taken back again.
      await job.set({ state: 'undoing', choices: [] });
      if ((await this.takeBack(middle)) === null) return;
    }
    return this.finish('cancelled', job.summary.error);
  }

  private async ask(error: ErrorItem, choices: Choices): Promise<void> {
    await this.job.set({ state: 'waiting', error, choices });
    this.parts.desktop.notify({
      title: `Job ${this.job.summary.number} waits for a decision`,
      body: `${this.job.summary.title}: ${error.message}`,
    });
  }

  private finish(state: 'succeeded' | 'failed' | 'cancelled' | 'undone', error: ErrorItem | null): Promise<void> {
    return closeJob(this.job, this.parts, state, error);
  }

  private async recheck(): Promise<ErrorItem | null> {
    const { job, parts } = this;
    const { signal, release } = linkSignals(recheckMs, job.cancelled.signal, parts.stopped);
    try {
      await parts.catalogue.plan(job.plan).recheck(job.plan, signal);
      return null;
    } catch (error) {
      const where = { step: 'check that the plan still fits', unchanged: 'everything; no step was run' };
      return this.halted() ? interruptedError(null) : toErrorShape(error, where, parts.log);
    } finally {
      release();
    }
  }

  /** The steps of lanes that a cancel must not leave in the middle. */
  private unfinishedLanes(): readonly PlanStep[] {
    const { plan } = this.job;
    if (this.parts.catalogue.plan(plan).onCancel !== 'take-back-lane') return [];
    const open = plan.steps.filter((step) => !['done', 'skipped'].includes(this.stateOf(step)));
    const lanes = new Set(open.map((step) => step.lane));
    return plan.steps.filter((step) => lanes.has(step.lane));
  }

  private undoChoice(): Choices {
    const any = this.job.plan.steps.some((step) => {
      const stands = !['pending', 'skipped', 'undone'].includes(this.stateOf(step));
      return stands && this.parts.catalogue.step(step).undo !== null;
    });
    return any ? ['undo'] : [];
  }

  private halted(): boolean {
    return this.parts.stopped.aborted;
  }

  private begun(): boolean {
    return this.job.plan.steps.some((step) => this.stateOf(step) !== 'pending');
  }

  private gaveUp(): boolean {
    return this.job.cancelled.signal.aborted || this.job.intent === 'cancel';
  }

  private stateOf(step: PlanStep) {
    return this.job.journal.entry(step.id).state;
  }
}
