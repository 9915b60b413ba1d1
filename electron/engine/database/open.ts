import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Kysely } from 'kysely';
import { copyDatabase } from './copies';
import { SqliteDialect } from './dialect';
import { inspectDatabase } from './inspect';
import { lockDatabase, type DatabaseLock } from './lock';
import { migrate } from './migrate';
import { migrations as all, type Migration } from './migrations/index';
import type { Schema } from './schema';
import { Sqlite } from './sqlite';

export interface Database {
  readonly kysely: Kysely<Schema>;
  /** Waits for the statement under way, closes the file and lets go of the lock. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** The path of the file, or `:memory:`. Its folder is made when missing. */
  readonly file: string;
  readonly migrations?: readonly Migration[];
  readonly now?: () => number;
}

/**
 * Opens the database for this process alone, in the newest form. Throws `database_busy`, `database_newer` or
 * `database_damaged`; in each case the file is left as it was.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { file, migrations = all, now = Date.now } = options;
  if (file === ':memory:') return connect(file, migrations, now, null);
  await mkdir(dirname(file), { recursive: true });
  const lock = await lockDatabase(file);
  try {
    await inspectDatabase(file, Math.max(0, ...migrations.map((migration) => migration.number)));
    return await connect(file, migrations, now, lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function connect(
  file: string,
  migrations: readonly Migration[],
  now: () => number,
  lock: DatabaseLock | null,
): Promise<Database> {
  const sqlite = await Sqlite.open(file, 'create');
  const dialect = new SqliteDialect(sqlite);
  // Migrations speak of tables as they were at their time, so they get a handle without today's types.
  const plain = new Kysely<unknown>({ dialect });
  const kysely = new Kysely<Schema>({ dialect });
  try {
    await prepare(sqlite);
    const before = async (version: number): Promise<void> => {
      if (lock !== null) await copyDatabase(plain, file, version, now());
    };
    await migrate(plain, migrations, { now, before });
  } catch (error) {
    await sqlite.close();
    throw error;
  }
  return {
    kysely,
    close: async () => {
      await kysely.destroy();
      await sqlite.close();
      await lock?.release();
    },
  };
}

async function prepare(sqlite: Sqlite): Promise<void> {
  await sqlite.all('pragma busy_timeout = 5000');
  await sqlite.all('pragma journal_mode = wal');
  // FULL, not NORMAL: a journal entry must be on the disk before the step it announces is sent.
  await sqlite.all('pragma synchronous = full');
  await sqlite.all('pragma foreign_keys = on');
  await sqlite.all('pragma trusted_schema = off');
  await sqlite.all('pragma journal_size_limit = 16777216');
}
