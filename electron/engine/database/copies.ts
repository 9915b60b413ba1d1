import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { sql, type Kysely } from 'kysely';

const kept = 5;

/**
 * Writes a copy of the open database into the folder `copies` beside it and keeps the newest five. The name tells the
 * version and the time: `evenkeel.db.v3.1763780000000`. Gives the path of the copy.
 */
export async function copyDatabase(
  kysely: Kysely<unknown>,
  file: string,
  version: number,
  now: number,
): Promise<string> {
  const folder = join(dirname(file), 'copies');
  await mkdir(folder, { recursive: true });
  const copy = join(folder, `${basename(file)}.v${version}.${now}`);
  await rm(copy, { force: true });
  await sql`vacuum into ${copy}`.execute(kysely);
  const copies = (await readdir(folder)).filter((name) => name.startsWith(`${basename(file)}.v`)).sort(byTime);
  for (const old of copies.slice(0, -kept)) await rm(join(folder, old), { force: true });
  return copy;
}

function byTime(a: string, b: string): number {
  return timeOf(a) - timeOf(b);
}

function timeOf(name: string): number {
  return Number(name.slice(name.lastIndexOf('.') + 1));
}
