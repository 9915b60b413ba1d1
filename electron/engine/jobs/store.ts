import { sql, type Insertable, type Updateable } from 'kysely';
import type { JobDetail, JobSummary, JournalEntry, JournalNote, ProofLine } from '#shared/contract/jobs';
import { EvenkeelError } from '#shared/errors';
import type { Database } from '#engine/database/index';
import type { Plans } from './plans';
import { toEntry, toProofLine, toSummaries, toSummary, type JobRow } from './rows';
import type { Memory } from './step-kind';
import type { JobTable } from './tables';

/** The end of a job as the record tells it, beside what the contract shows. */
export interface StoredJob {
  readonly detail: JobDetail;
  readonly memories: ReadonlyMap<string, Memory>;
  readonly intent: Intent;
  readonly auditSequence: number | null;
  readonly recordFile: string | null;
}

export interface PlacedNote {
  readonly stepId: string;
  readonly position: number;
  readonly note: JournalNote;
}

/** Where a job is going. Written down before the first step in that direction, so that it survives a crash. */
export type Intent = 'run' | 'undo' | 'cancel';

const ended = ['succeeded', 'failed', 'cancelled', 'undone'] as const;

/** Jobs, journals and proofs in SQLite. */
export class JobStore {
  constructor(
    private readonly database: Database,
    private readonly plans: Plans,
  ) {}

  /** Writes a new job with its steps pending and gives its number. Throws `conflict` when the plan was started before. */
  async create(job: Omit<Insertable<JobTable>, 'number'>, stepIds: readonly string[]): Promise<number> {
    return this.database.kysely.transaction().execute(async (transaction) => {
      const before = await transaction
        .selectFrom('job')
        .select('number')
        .where('plan_id', '=', job.plan_id)
        .executeTakeFirst();
      if (before !== undefined) {
        const advice = `Job ${before.number} runs or ran it. Draw up a new plan.`;
        throw new EvenkeelError('conflict', { step: 'start the job', job: before.number, advice });
      }
      const { number } = await transaction.insertInto('job').values(job).returning('number').executeTakeFirstOrThrow();
      for (const [position, stepId] of stepIds.entries()) {
        const step = { job_id: job.id, position, step_id: stepId, state: 'pending', memory: '{}' };
        await transaction.insertInto('job_step').values(step).execute();
      }
      return number;
    });
  }

  async update(jobId: string, change: Updateable<JobTable>): Promise<void> {
    await this.database.kysely.updateTable('job').set(change).where('id', '=', jobId).execute();
  }

  async saveEntry(jobId: string, entry: JournalEntry): Promise<void> {
    await this.database.kysely
      .updateTable('job_step')
      .set({
        state: entry.state,
        started_at: entry.startedAt,
        ended_at: entry.endedAt,
        progress: entry.progress === null ? null : JSON.stringify(entry.progress),
        error: entry.error === null ? null : JSON.stringify(entry.error),
      })
      .where('job_id', '=', jobId)
      .where('step_id', '=', entry.stepId)
      .execute();
  }

  async saveMemory(jobId: string, stepId: string, memory: Memory): Promise<void> {
    await this.database.kysely
      .updateTable('job_step')
      .set({ memory: JSON.stringify(memory) })
      .where('job_id', '=', jobId)
      .where('step_id', '=', stepId)
      .execute();
  }

  async addNotes(jobId: string, notes: readonly PlacedNote[]): Promise<void> {
    if (notes.length === 0) return;
    const rows = notes.map(({ stepId, position, note }) => {
      return { job_id: jobId, step_id: stepId, position, ...note, code: note.code ? 1 : 0 };
    });
    await this.database.kysely.insertInto('job_note').values(rows).execute();
  }

  async saveProof(jobId: string, lines: readonly ProofLine[], provedAt: number): Promise<void> {
    await this.database.kysely.transaction().execute(async (transaction) => {
      await transaction.deleteFrom('job_proof').where('job_id', '=', jobId).execute();
      for (const [position, { stepId, text, held, seen, at }] of lines.entries()) {
        const row = {
          job_id: jobId,
          position,
          step_id: stepId,
          text,
          held: held === null ? null : Number(held),
          seen,
          at,
        };
        await transaction.insertInto('job_proof').values(row).execute();
      }
      await transaction.updateTable('job').set({ proved_at: provedAt }).where('id', '=', jobId).execute();
    });
  }

  /** Newest first. */
  async list(limit: number): Promise<JobSummary[]> {
    const rows = await this.rows().orderBy('number', 'desc').limit(limit).execute();
    return toSummaries(rows);
  }

  /** Jobs that have not ended, and those that ended without their record written: a crash came between. */
  async unfinished(): Promise<readonly string[]> {
    const rows = await this.database.kysely
      .selectFrom('job')
      .select('id')
      .where((eb) => eb.or([eb('state', 'not in', [...ended]), eb('record_sha256', 'is', null)]))
      .orderBy('number')
      .execute();
    return rows.map((row) => row.id);
  }

  /** Throws `not_found`. */
  async load(jobId: string): Promise<StoredJob> {
    const row = await this.rows().where('job.id', '=', jobId).executeTakeFirst();
    if (row === undefined) throw new EvenkeelError('not_found', { job: jobId });
    const { kysely } = this.database;
    const steps = await kysely
      .selectFrom('job_step')
      .selectAll()
      .where('job_id', '=', jobId)
      .orderBy('position')
      .execute();
    const notes = await kysely
      .selectFrom('job_note')
      .selectAll()
      .where('job_id', '=', jobId)
      .orderBy('step_id')
      .orderBy('position')
      .execute();
    const proof = await kysely
      .selectFrom('job_proof')
      .selectAll()
      .where('job_id', '=', jobId)
      .orderBy('position')
      .execute();
    const plan = await this.plans.get(row.plan_id);
    const notesOf = (stepId: string) => notes.filter((note) => note.step_id === stepId);
    return {
      detail: {
        job: toSummary(row),
        plan,
        journal: steps.map((step) => toEntry(step, notesOf(step.step_id))),
        proof: proof.map(toProofLine),
        provedAt: row.proved_at,
        recordSha256: row.record_sha256,
        auditHead: row.audit_head,
      },
      memories: new Map(steps.map((step) => [step.step_id, JSON.parse(step.memory) as Memory])),
      intent: row.intent as Intent,
      auditSequence: row.audit_sequence,
      recordFile: row.record_file,
    };
  }

  private rows() {
    return this.database.kysely
      .selectFrom('job')
      .selectAll('job')
      .select([
        sql<number>`(select count(*) from job_step where job_id = job.id)`.as('steps_total'),
        sql<number>`(select count(*) from job_step where job_id = job.id and state in ('done', 'skipped'))`.as(
          'steps_done',
        ),
      ])
      .$castTo<JobRow>();
  }
}
