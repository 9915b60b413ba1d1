import type { Kysely } from 'kysely';
import type { Schema } from '#engine/database/index';
import { errorShape } from '#shared/contract/common';
import { EvenkeelError } from '#shared/errors';
import { applianceFacts, applianceSettings, windowsFacts, windowsSettings, type UnitRecord } from './records';
import type { UnitTable } from './tables';

/** Keeps the units of the inventory in SQLite. */
export class InventoryStore {
  constructor(private readonly db: Kysely<Schema>) {}

  /** In the order they were added. */
  async all(): Promise<UnitRecord[]> {
    const rows = await this.db.selectFrom('unit').selectAll().orderBy('sequence').execute();
    return rows.map(fromRow);
  }

  /** Adds or changes units, all of them or none. */
  async save(records: readonly UnitRecord[]): Promise<void> {
    await this.db.transaction().execute(async (transaction) => {
      for (const record of records) {
        const row = toRow(record);
        await transaction
          .insertInto('unit')
          .values(row)
          .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
          .execute();
      }
    });
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.db.transaction().execute(async (transaction) => {
      for (const id of ids) await transaction.deleteFrom('unit').where('id', '=', id).execute();
    });
  }
}

function toRow(record: UnitRecord): UnitTable {
  return {
    id: record.id,
    kind: record.kind,
    name: record.name,
    site: record.site,
    practice: record.practice ? 1 : 0,
    sequence: record.sequence,
    settings: JSON.stringify(record.settings),
    facts: JSON.stringify(record.facts),
    alarm: record.alarm === null ? null : JSON.stringify(record.alarm),
  };
}

function fromRow(row: UnitTable): UnitRecord {
  const base = {
    id: row.id,
    name: row.name,
    site: row.site,
    practice: row.practice === 1,
    sequence: row.sequence,
    alarm: row.alarm === null ? null : errorShape.parse(JSON.parse(row.alarm)),
  };
  const settings: unknown = JSON.parse(row.settings);
  const facts: unknown = JSON.parse(row.facts);
  if (row.kind === 'appliance') {
    return {
      ...base,
      kind: 'appliance',
      settings: applianceSettings.parse(settings),
      facts: applianceFacts.parse(facts),
    };
  }
  if (row.kind === 'windows') {
    return { ...base, kind: 'windows', settings: windowsSettings.parse(settings), facts: windowsFacts.parse(facts) };
  }
  throw new EvenkeelError('database_damaged', { step: 'reading the inventory', unit: row.name });
}
