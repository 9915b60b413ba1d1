import type { JobSummary } from '#shared/contract/jobs';
import type { PlanStep } from '#shared/contract/plans';
import { EvenkeelError } from '#shared/errors';
import { closeJob } from './close';
import { toErrorShape, toItem, type ErrorItem } from './error-shape';
import { linkSignals } from './linked-signal';
import type { LiveJob } from './live-job';
import type { JobParts } from './parts';
import { changesSomething } from './plans';
import { proveJob, proveUndo } from './prove';
import { StepRunner } from './step-runner';

const recheckMs = 300_000;

type Choices = JobSummary['choices'];

/**
 * Takes one job from where its journal stands to its end, to a question for a person, or to the engine's stop. It may
 * be called again at any time after: everything it needs to know is in the journal.
 */
export class JobRun {
  private readonly steps: StepRunner;

  constructor(
    private readonly job: LiveJob,
    private readonly parts: JobParts,
  ) {
    this.steps = new StepRunner(job, parts);
  }

  /** Rejects only when the journal cannot be written; the job then stands as after a crash. */
  async run(): Promise<void> {
    if (this.job.intent === 'undo') return this.backward();
    return this.forward();
  }

  private async forward(): Promise<void> {
    const { job, parts } = this;
    const startedAt = job.summary.startedAt ?? parts.now();
    await job.set({ state: 'running', startedAt, choices: [], error: null });
    if (this.gaveUp()) return this.cancel();
    const interrupted = job.plan.steps.find((step) => this.stateOf(step) === 'running');
    if (interrupted !== undefined && !(await this.recover(interrupted))) return;
    if (!this.begun()) {
      const error = await this.recheck();
      if (this.halted()) return;
      if (this.gaveUp()) return this.cancel();
      if (error !== null) return this.finish('failed', error);
    }
    for (const step of job.plan.steps) {
      const state = this.stateOf(step);
      if (state === 'done' || state === 'skipped') continue;
      if (this.halted()) return;
      if (this.gaveUp()) return this.cancel();
      const result = await this.steps.run(step);
      if (result.end === 'stopped') return;
      if (result.end === 'cancelled') return this.cancel();
      if (result.end === 'failed') return this.failed(result.error);
    }
    if (this.halted()) return;
    const proof = await proveJob(job, parts);
    if (proof === null) return;
    await job.set({ verdict: proof.verdict });
    return this.finish(proof.state, proof.error);
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
    for (const step of steps.toReversed()) {
      if (this.halted()) return null;
      if (!(await this.isToUndo(step))) continue;
      const error = await this.steps.undo(step);
      if (this.halted()) return null;
      if (error === null) continue;
      await this.ask(error, ['undo', 'stop']);
      return null;
    }
    const undone = steps.filter((step) => this.stateOf(step) === 'undone');
    if (undone.length > 0) await proveUndo(this.job, this.parts, this.steps, undone);
    return this.halted() ? null : undone.length;
  }

  /** What a crash in the middle of a step means. False: the job does not go on forward. Never guesses. */
  private async recover(step: PlanStep): Promise<boolean> {
    const { job, parts, steps } = this;
    steps.note(step, 'warning', 'The engine stopped in the middle of this step. Its effect is looked for.');
    const found = await steps.inspect(step);
    if (this.halted()) return false;
    if (found === 'done') {
      steps.note(step, 'info', 'Its effect stands: the step is done.');
      await job.journal.set(step.id, { state: 'done', endedAt: parts.now() });
      return true;
    }
    const seen = found === 'not-done' ? 'Its effect does not stand' : 'Whether its effect stands cannot be read';
    const rule = parts.catalogue.step(step).whenInterrupted;
    if (rule === 'resume') {
      steps.note(step, 'info', `${seen}: the step runs again, which is safe.`);
      await job.journal.set(step.id, { state: 'pending', endedAt: null });
      return true;
    }
    const error = interruptedError(step);
    steps.note(step, 'warning', rule === 'undo' ? `${seen}: the job is taken back.` : `${seen}: a person decides.`);
    await job.journal.set(step.id, { state: 'failed', endedAt: parts.now(), error });
    if (rule === 'undo') {
      await job.set({ error });
      await this.backward();
    } else {
      await this.ask(error, ['resume', ...this.undoChoice(), 'stop']);
    }
    return false;
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
    const { job } = this;
    await job.set({ intent: 'cancel' });
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

  /**
   * Done steps are taken back. One that broke off is taken back when it had written down that it was about to change
   * something, or when its effect is found; otherwise it changed nothing.
   */
  private async isToUndo(step: PlanStep): Promise<boolean> {
    if (this.parts.catalogue.step(step).undo === null) return false;
    const state = this.stateOf(step);
    if (state === 'done' || state === 'undoing') return true;
    if (state !== 'failed' && state !== 'cancelled' && state !== 'running') return false;
    if (Object.keys(this.job.journal.memory(step.id)).length > 0) return true;
    const found = await this.steps.inspect(step);
    const interrupted = this.job.journal.entry(step.id).error?.code === 'engine_lost';
    return found === 'done' || (found === 'unknown' && interrupted);
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
      const begun = !['pending', 'skipped'].includes(this.stateOf(step));
      return begun && this.parts.catalogue.step(step).undo !== null;
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

function interruptedError(step: PlanStep | null): ErrorItem {
  const details = { ...(step !== null && { unit: step.unitName, step: step.title }) };
  return toItem(new EvenkeelError('engine_lost', details, 'The engine stopped in the middle of this step.'));
}
