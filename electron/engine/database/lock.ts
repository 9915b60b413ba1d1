import { EvenkeelError } from '#shared/errors';
import { Sqlite, sqliteCode } from './sqlite';

/** Held as long as the program uses a database. */
export interface DatabaseLock {
  release(): Promise<void>;
}

/**
 * Makes this process the only user of a database. The lock is SQLite's own, on an empty file beside the database: the
 * operating system lets go of it when the process dies, however it dies, so a stale lock cannot be.
 * Throws `database_busy`.
 */
export async function lockDatabase(file: string): Promise<DatabaseLock> {
  const lock = await Sqlite.open(`${file}.lock`, 'create');
  try {
    await lock.all('pragma journal_mode = memory');
    await lock.run('begin exclusive');
  } catch (error) {
    await lock.close();
    if (sqliteCode(error) !== 'SQLITE_BUSY') throw error;
    throw new EvenkeelError('database_busy', {
      step: 'open the database',
      file,
      unchanged: 'the database',
      advice: 'Close the other Evenkeel, or give this one another data folder.',
    });
  }
  return { release: () => lock.close() };
}
