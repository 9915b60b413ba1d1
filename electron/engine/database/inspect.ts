import { copyFile, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EvenkeelError } from '#shared/errors';
import { Sqlite, sqliteCode } from './sqlite';

/**
 * Looks at a database file without changing a byte of it or beside it, and gives its `user_version`; `null` when there
 * is none yet. After a crash part of the data is still in the `-wal` file: then a copy of both is looked at.
 * Throws `database_newer` or `database_damaged`.
 */
export async function inspectDatabase(file: string, newest: number): Promise<number | null> {
  if ((await sizeOf(file)) === 0) return null;
  if ((await sizeOf(`${file}-wal`)) === 0) return look(file, file, 'immutable', newest);
  const folder = await mkdtemp(join(tmpdir(), 'evenkeel-check-'));
  try {
    const copy = join(folder, 'copy.db');
    await copyFile(file, copy);
    await copyFile(`${file}-wal`, `${copy}-wal`);
    return await look(file, copy, 'create', newest);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function look(file: string, opened: string, mode: 'immutable' | 'create', newest: number): Promise<number> {
  const sqlite = await Sqlite.open(opened, mode);
  try {
    const version = Number((await sqlite.all('pragma user_version'))[0]?.['user_version']);
    if (version > newest) throw newer(file, version, newest);
    const verdict = (await sqlite.all('pragma quick_check(1)'))[0]?.['quick_check'];
    if (verdict !== 'ok') throw damaged(file, String(verdict));
    return version;
  } catch (error) {
    const code = sqliteCode(error);
    if (code === 'SQLITE_CORRUPT' || code === 'SQLITE_NOTADB') throw damaged(file, code);
    throw error;
  } finally {
    await sqlite.close();
  }
}

function newer(file: string, version: number, newest: number): EvenkeelError {
  return new EvenkeelError('database_newer', {
    step: 'open the database',
    file,
    found: version,
    known: newest,
    unchanged: 'the database',
    advice: 'Install the newer version of Evenkeel again, or give this one another data folder.',
  });
}

function damaged(file: string, found: string): EvenkeelError {
  return new EvenkeelError('database_damaged', {
    step: 'open the database',
    file,
    found,
    unchanged: 'the database',
    advice: 'Put a copy from the folder “copies” beside it in its place, or give Evenkeel another data folder.',
  });
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
}
