import type { JobItem, JobSummary, Progress, ProofLine } from '#shared/contract/jobs';
import type { Plan, PlanStep } from '#shared/contract/plans';
import { LiveMap } from '#engine/dispatch/index';
import { Journal } from './journal';
import type { Intent, JobStore, StoredJob } from './store';

/** What of a summary is kept in SQLite and may change. */
type Change = Partial<
  Pick<JobSummary, 'state' | 'startedAt' | 'endedAt' | 'verdict' | 'error' | 'choices'> & { readonly intent: Intent }
>;

interface UnderWay {
  readonly what: string;
  readonly unitName: string;
  readonly progress: Progress | null;
}

/** So many steps under way are named. */
const shownSteps = 3;

/** A job that has not ended: its state in memory, written through to SQLite. One for each, dropped at its end. */
export class LiveJob {
  readonly plan: Plan;
  readonly journal: Journal;
  /** Aborts when a person cancels. */
  readonly cancelled = new AbortController();
  /** As the stream of one job shows it. */
  readonly items = new LiveMap<JobItem>();
  private readonly underWay = new Map<string, UnderWay>();
  private summaryNow: JobSummary;
  private intentNow: Intent;

  constructor(
    stored: StoredJob,
    private readonly store: JobStore,
    private readonly changed: (summary: JobSummary) => void,
  ) {
    const { job, plan, journal, proof } = stored.detail;
    this.plan = plan;
    this.summaryNow = job;
    this.intentNow = stored.intent;
    this.journal = new Journal(store, job.id, journal, stored.memories, (entry) => {
      this.items.set(`entry:${entry.stepId}`, { item: 'entry', entry });
    });
    const items: [string, JobItem][] = [
      ['job', { item: 'job', job }],
      ['plan', { item: 'plan', plan }],
      ...journal.map((entry): [string, JobItem] => [`entry:${entry.stepId}`, { item: 'entry', entry }]),
    ];
    this.items.replace(new Map(items));
    this.showProof(proof);
  }

  get id(): string {
    return this.summaryNow.id;
  }

  get summary(): JobSummary {
    return this.summaryNow;
  }

  get intent(): Intent {
    return this.intentNow;
  }

  /** Changes the job; on the disk when the promise resolves, and told only then. */
  async set(change: Change): Promise<void> {
    const { intent, ...summary } = change;
    await this.store.update(this.id, {
      ...(intent !== undefined && { intent }),
      ...(summary.state !== undefined && { state: summary.state }),
      ...(summary.startedAt !== undefined && { started_at: summary.startedAt }),
      ...(summary.endedAt !== undefined && { ended_at: summary.endedAt }),
      ...(summary.verdict !== undefined && { verdict: summary.verdict }),
      ...(summary.error !== undefined && { error: summary.error && JSON.stringify(summary.error) }),
      ...(summary.choices !== undefined && { choices: JSON.stringify(summary.choices) }),
    });
    this.intentNow = intent ?? this.intentNow;
    this.show(summary);
  }

  /** A step is under way from here on; several may be, of different lanes. */
  begin(step: PlanStep, what: string): void {
    this.underWay.set(step.id, { what, unitName: step.unitName, progress: null });
    this.showUnderWay();
  }

  progressed(step: PlanStep, progress: Progress): void {
    const known = this.underWay.get(step.id);
    if (known === undefined) return;
    this.underWay.set(step.id, { ...known, progress });
    this.showUnderWay();
  }

  end(step: PlanStep): void {
    this.underWay.delete(step.id);
    this.showUnderWay();
  }

  private showUnderWay(): void {
    const [first, ...others] = this.underWay.values();
    if (first === undefined) return this.show({ currentStep: null, progress: null });
    if (others.length === 0) return this.show({ currentStep: first.what, progress: first.progress });
    // One bar cannot tell of several steps.
    const all = [first, ...others].map(({ what, unitName }) => `${what} (${unitName})`);
    const more = all.length > shownSteps ? ` and ${all.length - shownSteps} more` : '';
    this.show({ currentStep: `${all.slice(0, shownSteps).join(', ')}${more}`, progress: null });
  }

  /** Shows a change that only views need. */
  show(change: Partial<JobSummary>): void {
    const stepsDone = this.journal.all().filter(({ state }) => state === 'done' || state === 'skipped').length;
    this.summaryNow = { ...this.summaryNow, ...change, stepsDone };
    this.items.set('job', { item: 'job', job: this.summaryNow });
    this.changed(this.summaryNow);
  }

  showProof(lines: readonly ProofLine[]): void {
    const items = lines.map((line, index): [string, JobItem] => [`proof:${index}`, { item: 'proof', index, line }]);
    this.items.apply(new Map(items), []);
  }
}
