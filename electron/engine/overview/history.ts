import type { Kysely } from 'kysely';
import type { Schema } from '#engine/database/index';
import type { Transition } from '#shared/contract/overview';
import type { NewTransition } from '#shared/domain/overview/index';
import { state as stateSchema } from '#shared/contract/common';
import { z } from 'zod';
import type { TransitionTable } from './tables';

const keepMs = 30 * 24 * 3_600_000;
const keepRows = 100_000;
const pruneEvery = 1_000;
/** Far more than one picture changes at a time. */
const batchLimit = 50_000;
const kindSchema = z.enum(['state', 'failover']);

export interface NodeMark {
  readonly state: Transition['to'];
  readonly since: number;
  readonly activeUnit: string | null;
}

/** What is to be written next. */
interface Batch {
  readonly transitions: Transition[];
  readonly marks: Map<string, NodeMark>;
}

const emptyBatch = (): Batch => ({ transitions: [], marks: new Map() });

/**
 * State changes in SQLite. Callers get their answer at once and from memory; writing follows in batches, one
 * transaction at a time. Kept for 30 days and 100,000 changes at most.
 */
export class History {
  readonly marks = new Map<string, NodeMark>();
  private nextSequence = 1;
  private batch = emptyBatch();
  private writing: Promise<void> = Promise.resolve();
  private isWriting = false;
  private sincePrune = 0;
  private readonly listeners = new Set<(transition: Transition) => void>();

  constructor(
    private readonly db: Kysely<Schema>,
    private readonly now: () => number,
    private readonly logUnexpected: (error: unknown, step: string) => void,
  ) {}

  async load(): Promise<void> {
    const rows = await this.db.selectFrom('node_state').selectAll().execute();
    for (const row of rows) {
      const state = stateSchema.safeParse(row.state);
      if (!state.success) continue;
      this.marks.set(row.node_id, { state: state.data, since: row.since, activeUnit: row.active_unit });
    }
    const last = await this.db
      .selectFrom('transition')
      .select((build) => build.fn.max('sequence').as('sequence'))
      .executeTakeFirst();
    this.nextSequence = (last?.sequence ?? 0) + 1;
    await this.prune();
  }

  mark(nodeId: string, mark: NodeMark): void {
    this.marks.set(nodeId, mark);
    this.batch.marks.set(nodeId, mark);
    this.write();
  }

  add(transition: NewTransition): void {
    const whole = { ...transition, id: String(this.nextSequence++) };
    if (this.batch.transitions.length < batchLimit) this.batch.transitions.push(whole);
    for (const listener of [...this.listeners]) listener(whole);
    this.write();
  }

  onAdd(listener: (transition: Transition) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Oldest first; when there are more than the limit, the newest of them. */
  async since(time: number, limit: number): Promise<Transition[]> {
    await this.settled();
    const rows = await this.db
      .selectFrom('transition')
      .selectAll()
      .where('at', '>=', time)
      .orderBy('sequence', 'desc')
      .limit(limit)
      .execute();
    return rows.reverse().flatMap(fromRow);
  }

  /** Forgets nodes whose id begins so; with their transitions when `history` is set. */
  async forget(prefix: string, history: boolean): Promise<void> {
    for (const nodeId of [...this.marks.keys()]) if (nodeId.startsWith(prefix)) this.marks.delete(nodeId);
    await this.settled();
    // A range instead of LIKE: ids may hold its wildcards.
    const end = `${prefix}\u{10ffff}`;
    await this.db.deleteFrom('node_state').where('node_id', '>=', prefix).where('node_id', '<', end).execute();
    if (!history) return;
    await this.db.deleteFrom('transition').where('node_id', '>=', prefix).where('node_id', '<', end).execute();
  }

  /** Everything noted so far is written. */
  async settled(): Promise<void> {
    await this.writing;
  }

  private write(): void {
    if (this.isWriting) return;
    this.isWriting = true;
    this.writing = this.flush().finally(() => {
      this.isWriting = false;
    });
  }

  private async flush(): Promise<void> {
    // Let what belongs to one picture come together first.
    await Promise.resolve();
    while (this.batch.transitions.length > 0 || this.batch.marks.size > 0) {
      const batch = this.batch;
      this.batch = emptyBatch();
      try {
        await this.store(batch);
        this.sincePrune += batch.transitions.length;
        if (this.sincePrune >= pruneEvery) await this.prune();
      } catch (error) {
        this.logUnexpected(error, 'writing the history');
      }
    }
  }

  private async store({ transitions, marks }: Batch): Promise<void> {
    await this.db.transaction().execute(async (transaction) => {
      for (const transition of transitions) {
        await transaction.insertInto('transition').values(toRow(transition)).execute();
      }
      for (const [nodeId, mark] of marks) {
        const values = { state: mark.state, since: mark.since, active_unit: mark.activeUnit };
        await transaction
          .insertInto('node_state')
          .values({ node_id: nodeId, ...values })
          .onConflict((conflict) => conflict.column('node_id').doUpdateSet(values))
          .execute();
      }
    });
  }

  private async prune(): Promise<void> {
    this.sincePrune = 0;
    const oldest = this.nextSequence - keepRows;
    await this.db
      .deleteFrom('transition')
      .where((where) => where.or([where('at', '<', this.now() - keepMs), where('sequence', '<', oldest)]))
      .execute();
  }
}

function toRow(transition: Transition): Required<Omit<TransitionTable, 'sequence'>> & { sequence: number } {
  return {
    sequence: Number(transition.id),
    at: transition.at,
    site_id: transition.siteId,
    node_id: transition.nodeId,
    node_name: transition.nodeName,
    kind: transition.kind,
    from_state: transition.from,
    to_state: transition.to,
    text: transition.text,
  };
}

interface Row extends Omit<TransitionTable, 'sequence'> {
  readonly sequence: number;
}

function fromRow(row: Row): Transition[] {
  const kind = kindSchema.safeParse(row.kind);
  const from = stateSchema.nullable().safeParse(row.from_state);
  const to = stateSchema.safeParse(row.to_state);
  if (!kind.success || !from.success || !to.success) return [];
  return [
    {
      id: String(row.sequence),
      at: row.at,
      siteId: row.site_id,
      nodeId: row.node_id,
      nodeName: row.node_name,
      kind: kind.data,
      from: from.data,
      to: to.data,
      text: row.text,
    },
  ];
}
