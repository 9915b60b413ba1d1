import pLimit from 'p-limit';
import type { JobDetail, JobItem, JobSummary } from '#shared/contract/jobs';
import { EvenkeelError } from '#shared/errors';
import type { Audit } from '#engine/audit/index';
import type { Database } from '#engine/database/index';
import type { Desktop } from '#engine/desktop/index';
import type { LiveSource } from '#engine/dispatch/index';
import type { Log } from '#engine/log/index';
import { Catalogue } from './catalogue';
import { closeJob, fileJob, isEnded } from './close';
import { toErrorShape } from './error-shape';
import { JobRun } from './job-run';
import { LiveJob } from './live-job';
import { Locks } from './locks';
import type { JobParts } from './parts';
import type { PlanStore, UnitLocks } from './plan-store';
import { Plans } from './plans';
import { Records, type ChangeRecord } from './record/index';
import { createJob, unitName, type StartOptions, type Started } from './start';
import type { JobCatalogue } from './step-kind';
import { JobStore, type StoredJob } from './store';
import { Summaries } from './summaries';

export interface JobsOptions {
  readonly database: Database;
  readonly audit: Audit;
  readonly desktop: Pick<Desktop, 'notify'>;
  readonly log: Log;
  /** Where change records are written. */
  readonly recordFolder: string;
  /** For the records, for example `0.9.0`. */
  readonly version: string;
  readonly now?: () => number;
}

const shown = 500;
const mostLive = 1_000;
const mostRunning = 8;

/** Runs plans, the only way in which anything is changed. A job outlives the view that started it, and the engine. */
export class Jobs {
  readonly plans: PlanStore;
  readonly locks: UnitLocks;
  private readonly parts: JobParts;
  private readonly stop = new AbortController();
  private readonly live = new Map<string, LiveJob>();
  private readonly running = new Map<string, Promise<void>>();
  private readonly turns = pLimit(mostRunning);
  /** One start at a time, so that two cannot both find a unit free. */
  private readonly starts = pLimit(1);
  private readonly summaries = new Summaries(shown);
  private readonly heldLocks = new Locks();

  constructor(private readonly options: JobsOptions) {
    const { database, audit, desktop, log, now = Date.now } = options;
    const plans = new Plans(database, now);
    this.plans = plans;
    this.locks = this.heldLocks;
    this.parts = {
      store: new JobStore(database, plans),
      catalogue: new Catalogue(),
      locks: this.heldLocks,
      audit,
      records: new Records({ folder: options.recordFolder, version: options.version }),
      desktop,
      log,
      now,
      stopped: this.stop.signal,
    };
  }

  /** Call for every capability before `resume`. */
  register(part: JobCatalogue): void {
    this.parts.catalogue.add(part);
  }

  /** Call once at the engine's start: every job that has not ended goes on, is undone, or asks. */
  async resume(): Promise<void> {
    const { store } = this.parts;
    this.summaries.fill(await store.list(shown));
    for (const jobId of await store.unfinished()) {
      try {
        await this.resumeOne(await store.load(jobId));
      } catch (error) {
        // One job that cannot be read any more must not keep the engine from starting.
        this.parts.log.unexpected(error, `resume job ${jobId}`);
      }
    }
  }

  /**
   * Starts a plan's job. Throws `not_found`, `conflict` (started before), `invalid_argument` (name typed), `unit_locked`.
   */
  start(options: StartOptions): Promise<Started> {
    return this.starts(async () => {
      if (this.stop.signal.aborted) throw new EvenkeelError('engine_lost', { unchanged: 'everything' });
      if (this.live.size >= mostLive) throw new EvenkeelError('overloaded', { step: 'start the job' });
      const started = await createJob(await this.plans.get(options.planId), options, this.parts);
      this.launch(this.enliven(await this.parts.store.load(started.jobId)));
      return started;
    });
  }

  /** Cancels after the step under way; a step that heeds its signal stops at once. An ended job stays as it is. */
  async cancel(jobId: string, by: string): Promise<void> {
    const job = this.live.get(jobId);
    if (job === undefined) {
      await this.parts.store.load(jobId);
      return;
    }
    const { state, number, title } = job.summary;
    if (state === 'undoing' || job.intent === 'undo') {
      const advice = 'Wait until what was done has been taken back.';
      throw new EvenkeelError('conflict', { step: 'cancel the job', job: number, advice });
    }
    // At once, so that an answer given meanwhile finds nothing to answer.
    if (state === 'waiting') job.show({ state: 'queued', choices: [] });
    await this.parts.audit.append({ who: by, what: 'job.cancelled', subject: `Job ${number}: ${title}` });
    const takesBack = this.parts.catalogue.plan(job.plan).onCancel === 'take-back-lane';
    if (state === 'waiting' && !takesBack) return this.end(job, 'cancelled');
    await job.set({ intent: 'cancel' });
    job.cancelled.abort(new EvenkeelError('aborted', {}, 'The job was cancelled.'));
    // What was begun and not finished is taken back first.
    if (state === 'waiting') this.launch(job);
  }

  /** Answers a waiting job. Throws `conflict` when it does not wait or does not offer the choice. */
  async decide(jobId: string, choice: 'resume' | 'undo' | 'stop', by: string): Promise<void> {
    const job = this.live.get(jobId);
    if (job === undefined) await this.parts.store.load(jobId);
    if (job === undefined || job.summary.state !== 'waiting' || !job.summary.choices.includes(choice)) {
      const offered = job === undefined ? [] : [...job.summary.choices];
      throw new EvenkeelError('conflict', { step: 'decide', choice, offered, unchanged: 'the job' });
    }
    const { number, title } = job.summary;
    // At once, so that a second answer finds nothing to answer.
    job.show({ state: 'queued', choices: [] });
    await this.parts.audit.append({ who: by, what: `job.${choice}`, subject: `Job ${number}: ${title}` });
    if (choice === 'stop') return this.end(job, 'failed');
    // A cancelled job goes on taking back what was not finished, and no more than that.
    const undo = job.intent === 'cancel' ? 'cancel' : 'undo';
    await job.set({ state: 'queued', choices: [], intent: choice === 'undo' ? undo : 'run' });
    this.launch(job, true);
  }

  /** Newest first. */
  async list(limit: number): Promise<JobSummary[]> {
    const jobs = await this.parts.store.list(limit);
    return jobs.map((job) => this.live.get(job.id)?.summary ?? job);
  }

  /** Throws `not_found`. */
  async detail(jobId: string): Promise<JobDetail> {
    const live = this.live.get(jobId);
    const { detail } = await this.parts.store.load(jobId);
    return live === undefined ? detail : { ...detail, job: live.summary, journal: [...live.journal.all()] };
  }

  /** The job as a stream of items; an ended one is loaded and does not change any more. */
  async detailSource(jobId: string): Promise<LiveSource<JobItem>> {
    const live = this.live.get(jobId);
    if (live !== undefined) return live.items;
    return new LiveJob(await this.parts.store.load(jobId), this.parts.store, () => undefined).items;
  }

  /** All jobs that have not ended and the newest 500. */
  summarySource(): LiveSource<JobSummary> {
    return this.summaries.source();
  }

  /** Resolves when the job has ended or waits for a person. Throws `not_found` or `aborted`. */
  async wait(jobId: string, signal: AbortSignal): Promise<JobSummary> {
    const live = this.live.get(jobId);
    if (live === undefined) return (await this.parts.store.load(jobId)).detail.job;
    return new Promise((resolve, reject) => {
      const look = (job: JobSummary): void => {
        if (job.id !== jobId || (job.state !== 'waiting' && !isEnded(job.state))) return;
        finish();
        resolve(job);
      };
      const abort = (): void => {
        finish();
        reject(new EvenkeelError('aborted'));
      };
      const unlisten = this.onJob(look);
      const finish = (): void => {
        unlisten();
        signal.removeEventListener('abort', abort);
      };
      signal.addEventListener('abort', abort, { once: true });
      if (signal.aborted) abort();
      else look(live.summary);
    });
  }

  /** Called at every change of any job; gives back how to stop listening. */
  onJob(listener: (job: JobSummary) => void): () => void {
    return this.summaries.onJob(listener);
  }

  async record(jobId: string): Promise<ChangeRecord> {
    return this.parts.records.get(await this.parts.store.load(jobId));
  }

  /** Interrupts the steps under way as a crash would, in good order, and waits for them. `resume` goes on later. */
  async close(): Promise<void> {
    this.stop.abort(new EvenkeelError('engine_lost'));
    await Promise.allSettled(this.running.values());
  }

  private enliven(stored: StoredJob): LiveJob {
    const job = new LiveJob(stored, this.parts.store, (summary) => this.summaries.tell(summary));
    this.live.set(job.id, job);
    this.summaries.tell(job.summary);
    return job;
  }

  private async resumeOne(stored: StoredJob): Promise<void> {
    const { job, plan } = stored.detail;
    if (isEnded(job.state)) return fileJob(job.id, this.parts);
    const holder = { jobId: job.id, number: job.number, title: job.title };
    this.heldLocks.take(holder, plan.unitIds, (unitId) => unitName(plan, unitId));
    await this.goOn(this.enliven(stored));
  }

  private async goOn(job: LiveJob): Promise<void> {
    if (job.summary.state === 'waiting') return;
    try {
      this.parts.catalogue.check(job.plan);
    } catch (error) {
      const shape = toErrorShape(error, { step: 'resume the job' }, this.parts.log);
      await job.set({ state: 'waiting', error: shape, choices: ['stop'] });
      return;
    }
    this.launch(job);
  }

  private launch(job: LiveJob, again = false): void {
    const run = this.turns(async () => {
      if (this.stop.signal.aborted) return;
      try {
        await new JobRun(job, this.parts).run(again);
      } catch (error) {
        this.parts.log.unexpected(error, `journal of job ${job.summary.number}`);
      }
    }).finally(() => {
      // A decision may have launched it again already.
      if (this.running.get(job.id) === run) this.running.delete(job.id);
      if (isEnded(job.summary.state)) this.live.delete(job.id);
    });
    this.running.set(job.id, run);
  }

  private async end(job: LiveJob, state: 'cancelled' | 'failed'): Promise<void> {
    await closeJob(job, this.parts, state, job.summary.error);
    this.live.delete(job.id);
  }
}
