import { sql, type Kysely } from 'kysely';
import type { Migration } from './migrations/index';

/**
 * Brings a database to the newest form, each migration in a transaction of its own together with its mark. `before`
 * runs once, ahead of the first change, and only for a database that has data. Gives the numbers applied.
 */
export async function migrate(
  kysely: Kysely<unknown>,
  migrations: readonly Migration[],
  options: { readonly now: () => number; readonly before: (version: number) => Promise<void> },
): Promise<readonly number[]> {
  const version = await userVersion(kysely);
  const known = version === 0 ? new Set<number>() : await appliedNumbers(kysely);
  const missing = migrations.filter((migration) => !known.has(migration.number));
  if (missing.length === 0) return [];
  if (version > 0) await options.before(version);
  for (const migration of missing) {
    await kysely.transaction().execute(async (transaction) => {
      await sql`create table if not exists migration (
        number integer primary key,
        name text not null,
        applied_at integer not null
      ) strict`.execute(transaction);
      await migration.up(transaction);
      await sql`insert into migration (number, name, applied_at)
        values (${migration.number}, ${migration.name}, ${options.now()})`.execute(transaction);
      const highest = Math.max(migration.number, version, ...known);
      await sql`pragma user_version = ${sql.raw(String(highest))}`.execute(transaction);
    });
    known.add(migration.number);
  }
  return missing.map((migration) => migration.number);
}

async function userVersion(kysely: Kysely<unknown>): Promise<number> {
  const { rows } = await sql<{ user_version: number }>`pragma user_version`.execute(kysely);
  return rows[0]?.user_version ?? 0;
}

async function appliedNumbers(kysely: Kysely<unknown>): Promise<Set<number>> {
  const { rows } = await sql<{ number: number }>`select number from migration`.execute(kysely);
  return new Set(rows.map((row) => row.number));
}
