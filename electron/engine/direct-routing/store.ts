import { createHash, randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Schema } from '#engine/database/index';
import { keptState } from '#engine/windows/index';
import {
  sameAddress,
  windowsOperation,
  type EarlierAddress,
  type WindowsOperation,
} from '#shared/domain/direct-routing/index';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import { EvenkeelError } from '#shared/errors';

export interface Snapshot {
  readonly id: string;
  readonly windowsId: string;
  readonly takenAt: number;
  readonly sha256: string;
  readonly state: WindowsNetworkState;
}

const fixedService = z.strictObject({ pairId: z.string(), address: z.string() });
/** A virtual address, and the pair that has it. */
export type FixedService = z.infer<typeof fixedService>;

export interface Fix {
  readonly id: string;
  readonly windowsId: string;
  readonly name: string;
  readonly jobId: string;
  readonly jobNumber: number;
  readonly by: string;
  readonly at: number;
  readonly proved: boolean;
  readonly snapshotId: string;
  readonly operations: readonly WindowsOperation[];
  /** The services that it was made for; none of a fix of earlier versions. */
  readonly services: readonly FixedService[];
  /** As `configurationText` gives it. */
  readonly after: string;
  readonly undone: boolean;
}

export type NewFix = Pick<
  Fix,
  'windowsId' | 'name' | 'jobId' | 'at' | 'snapshotId' | 'operations' | 'services' | 'after'
>;

const operations = z.array(windowsOperation);
const services = z.array(fixedService);

/** Snapshots and fixes in SQLite. */
export class DirectRoutingStore {
  constructor(private readonly db: Kysely<Schema>) {}

  /** Keeps the first state of a job and server; a step that runs again gets the one that is there. */
  async takeSnapshot(jobId: string, state: WindowsNetworkState, windowsId: string): Promise<Snapshot> {
    const text = JSON.stringify(state);
    const row = {
      id: `snapshot-${randomUUID()}`,
      windows_id: windowsId,
      job_id: jobId,
      taken_at: state.readAt,
      sha256: sha256(text),
      state: text,
    };
    await this.db
      .insertInto('dr_snapshot')
      .values(row)
      .onConflict((conflict) => conflict.columns(['job_id', 'windows_id']).doNothing())
      .execute();
    const kept = await this.snapshotOf(jobId, windowsId);
    if (kept === null) throw new EvenkeelError('not_found', { step: 'snapshot' });
    return kept;
  }

  async snapshotOf(jobId: string, windowsId: string): Promise<Snapshot | null> {
    const row = await this.db
      .selectFrom('dr_snapshot')
      .selectAll()
      .where('job_id', '=', jobId)
      .where('windows_id', '=', windowsId)
      .executeTakeFirst();
    return row === undefined ? null : toSnapshot(row);
  }

  /** A snapshot of this server with this digest, read again and checked; `null` when there is none. */
  async snapshotBySha(windowsId: string, digest: string): Promise<Snapshot | null> {
    const row = await this.db
      .selectFrom('dr_snapshot')
      .selectAll()
      .where('windows_id', '=', windowsId)
      .where('sha256', '=', digest)
      .executeTakeFirst();
    return row === undefined ? null : toSnapshot(row);
  }

  /** Throws `not_found`. */
  async snapshot(id: string): Promise<Snapshot> {
    const row = await this.db.selectFrom('dr_snapshot').selectAll().where('id', '=', id).executeTakeFirst();
    if (row === undefined) throw new EvenkeelError('not_found', { step: 'snapshot', snapshot: id });
    return toSnapshot(row);
  }

  /** A server of a running job was changed and read back. */
  async addFix(fix: NewFix): Promise<void> {
    const row = {
      id: `${fix.jobId}/${fix.windowsId}`,
      windows_id: fix.windowsId,
      name: fix.name,
      job_id: fix.jobId,
      job_number: null,
      by_whom: '',
      at: fix.at,
      proved: 0,
      snapshot_id: fix.snapshotId,
      operations: JSON.stringify(fix.operations),
      services: JSON.stringify(fix.services),
      after: fix.after,
      undone: 0,
    };
    await this.db
      .insertInto('dr_fix')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute();
  }

  /** The job of these fixes ended and they stand. `proved`: the servers of which every promise held. */
  async closeFixes(
    jobId: string,
    outcome: Pick<Fix, 'jobNumber' | 'by'> & { readonly proved: readonly string[] },
  ): Promise<void> {
    const { jobNumber, by, proved } = outcome;
    const closed = { job_number: jobNumber, by_whom: by };
    await this.db
      .updateTable('dr_fix')
      .set({ ...closed, proved: 0 })
      .where('job_id', '=', jobId)
      .execute();
    for (const windowsId of proved) {
      await this.db
        .updateTable('dr_fix')
        .set({ proved: 1 })
        .where('job_id', '=', jobId)
        .where('windows_id', '=', windowsId)
        .execute();
    }
  }

  /** Addresses that fixes put on this server: on it they are stale once no service has them any more. */
  async addressesFixed(windowsId: string): Promise<readonly EarlierAddress[]> {
    const rows = await this.db
      .selectFrom('dr_fix')
      .select(['operations', 'services'])
      .where('windows_id', '=', windowsId)
      .orderBy('at', 'desc')
      .limit(100)
      .execute();
    const pairIds = new Map<string, Set<string>>();
    for (const row of rows) {
      const served = services.parse(JSON.parse(row.services));
      for (const address of addedBy(operations.parse(JSON.parse(row.operations)))) {
        const found = served.filter((service) => sameAddress(service.address, address)).map(({ pairId }) => pairId);
        pairIds.set(address, new Set([...(pairIds.get(address) ?? []), ...found]));
      }
    }
    return [...pairIds].map(([address, ids]) => ({ address, pairIds: [...ids] }));
  }

  /** The job took the fix of this server back itself. */
  async dropFix(jobId: string, windowsId: string): Promise<void> {
    await this.db.deleteFrom('dr_fix').where('job_id', '=', jobId).where('windows_id', '=', windowsId).execute();
  }

  /** The job took its fixes back itself. */
  async dropFixes(jobId: string): Promise<void> {
    await this.db.deleteFrom('dr_fix').where('job_id', '=', jobId).execute();
  }

  async markUndone(fixId: string): Promise<void> {
    await this.db.updateTable('dr_fix').set({ undone: 1 }).where('id', '=', fixId).execute();
  }

  /** The last fix of each server whose job has ended. */
  async latestFixes(): Promise<readonly Fix[]> {
    const rows = await this.db
      .selectFrom('dr_fix')
      .selectAll()
      .where('job_number', 'is not', null)
      .orderBy('at', 'asc')
      .execute();
    const latest = new Map(rows.map((row) => [row.windows_id, row]));
    return [...latest.values()].map((row) => ({
      id: row.id,
      windowsId: row.windows_id,
      name: row.name,
      jobId: row.job_id,
      jobNumber: row.job_number ?? 0,
      by: row.by_whom,
      at: row.at,
      proved: row.proved === 1,
      snapshotId: row.snapshot_id,
      operations: operations.parse(JSON.parse(row.operations)),
      services: services.parse(JSON.parse(row.services)),
      after: row.after,
      undone: row.undone === 1,
    }));
  }
}

function addedBy(done: readonly WindowsOperation[]): readonly string[] {
  return done.flatMap((item) => (item.operation === 'addresses' ? item.input.add.map(({ address }) => address) : []));
}

/** Lower-case hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Throws `answer_not_understood` when the stored text is not what was stored. */
function toSnapshot(row: Schema['dr_snapshot']): Snapshot {
  if (sha256(row.state) !== row.sha256) {
    throw new EvenkeelError('answer_not_understood', {
      step: 'snapshot',
      snapshot: row.id,
      reason: 'its digest differs',
    });
  }
  const state = keptState(JSON.parse(row.state));
  return { id: row.id, windowsId: row.windows_id, takenAt: row.taken_at, sha256: row.sha256, state };
}
