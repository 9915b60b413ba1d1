import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrations, openDatabase, type Migration } from '#engine/database/index';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evenkeel-database-'));
  file = join(folder, 'evenkeel.db');
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const one: Migration = {
  number: 1,
  name: 'one',
  up: async (db) => {
    await sql`create table fruit (name text primary key)`.execute(db);
    await sql`insert into fruit values ('pear')`.execute(db);
  },
};
const two: Migration = {
  number: 2,
  name: 'two',
  up: async (db) => {
    await sql`alter table fruit add column weight integer`.execute(db);
  },
};
const broken: Migration = {
  number: 2,
  name: 'broken',
  up: async (db) => {
    await sql`insert into fruit values ('plum')`.execute(db);
    await sql`insert into nothing values (1)`.execute(db);
  },
};

async function columns(path: string): Promise<readonly string[]> {
  const database = await openDatabase({ file: path, migrations: [one] }).catch(() =>
    openDatabase({ file: path, migrations: [one, two] }),
  );
  const { rows } = await sql<{ name: string }>`select name from pragma_table_info('fruit')`.execute(database.kysely);
  await database.close();
  return rows.map((row) => row.name);
}

describe('opening a database', () => {
  it('makes every table of the product in a folder that was not there', async () => {
    const database = await openDatabase({ file: join(folder, 'new', 'evenkeel.db') });
    const tables = await database.kysely.introspection.getTables();
    await database.close();
    expect(tables.map((table) => table.name)).toEqual(
      expect.arrayContaining(['audit_entry', 'job', 'job_note', 'job_proof', 'job_step', 'plan', 'secret', 'setting']),
    );
  });

  it('numbers its migrations upwards without a number twice', () => {
    const numbers = migrations.map((migration) => migration.number);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });

  it('keeps data, and applies a later migration after writing a copy of the file as it was', async () => {
    await (await openDatabase({ file, migrations: [one] })).close();
    expect(await readdir(folder)).toEqual(['evenkeel.db', 'evenkeel.db.lock']);
    const database = await openDatabase({ file, migrations: [one, two], now: () => 1_763_780_000_000 });
    const { rows } = await sql`select * from fruit`.execute(database.kysely);
    await database.close();
    expect(rows).toEqual([{ name: 'pear', weight: null }]);
    expect(await readdir(join(folder, 'copies'))).toEqual(['evenkeel.db.v1.1763780000000']);
    expect(await columns(join(folder, 'copies', 'evenkeel.db.v1.1763780000000'))).toEqual(['name']);
  });

  it('keeps the newest five copies', async () => {
    const steps = Array.from({ length: 8 }, (_, index) => ({
      number: index + 1,
      name: 'n',
      up: () => Promise.resolve(),
    }));
    for (const [index] of steps.entries()) {
      await (await openDatabase({ file, migrations: steps.slice(0, index + 1), now: () => index })).close();
    }
    const copies = (await readdir(join(folder, 'copies'))).sort();
    expect(copies).toEqual([3, 4, 5, 6, 7].map((index) => `evenkeel.db.v${index}.${index}`));
  });

  it('applies a migration that was added between two others', async () => {
    const three: Migration = { ...two, number: 3 };
    await (await openDatabase({ file, migrations: [one, three] })).close();
    const late: Migration = { number: 2, name: 'late', up: (db) => sql`create table late (a)`.execute(db).then(noted) };
    const database = await openDatabase({ file, migrations: [one, late, three] });
    const { rows } = await sql<{ user_version: number }>`pragma user_version`.execute(database.kysely);
    await sql`insert into late values (1)`.execute(database.kysely);
    await database.close();
    expect(rows[0]?.user_version).toBe(3);
  });

  it('leaves a database as it was when a migration fails, and lets go of it', async () => {
    await (await openDatabase({ file, migrations: [one] })).close();
    await expect(openDatabase({ file, migrations: [one, broken] })).rejects.toThrow('nothing');
    const database = await openDatabase({ file, migrations: [one] });
    const { rows } = await sql`select name from fruit`.execute(database.kysely);
    await database.close();
    expect(rows).toEqual([{ name: 'pear' }]);
  });

  it('refuses a newer database and leaves every byte as it was', async () => {
    await (await openDatabase({ file, migrations: [one, two] })).close();
    const before = await readFile(file);
    await expect(openDatabase({ file, migrations: [one] })).rejects.toMatchObject({ code: 'database_newer' });
    expect((await readFile(file)).equals(before)).toBe(true);
    expect(await readdir(folder)).toEqual(['evenkeel.db', 'evenkeel.db.lock']);
  });

  it('refuses a newer database whose version is still in the write-ahead log', async () => {
    const newer = await openDatabase({ file, migrations: [one, two] });
    const other = join(folder, 'crashed.db');
    // What a crash leaves behind: the file and its log, not yet merged.
    const main = await readFile(file);
    const log = await readFile(`${file}-wal`);
    await newer.close();
    await writeFile(other, main);
    await writeFile(`${other}-wal`, log);
    await expect(openDatabase({ file: other, migrations: [one] })).rejects.toMatchObject({ code: 'database_newer' });
    expect((await readFile(other)).equals(main)).toBe(true);
    expect((await readFile(`${other}-wal`)).equals(log)).toBe(true);
  });

  it.each([
    ['is no database', (bytes: Buffer) => Buffer.from('x'.repeat(bytes.length))],
    [
      'has a page overwritten',
      (bytes: Buffer) => {
        const copy = Buffer.from(bytes);
        copy.fill(0xff, 4096, 8192);
        return copy;
      },
    ],
  ])('refuses a file that %s and leaves every byte as it was', async (_, damage) => {
    await (await openDatabase({ file, migrations: [one] })).close();
    const bytes = damage(await readFile(file));
    await writeFile(file, bytes);
    await expect(openDatabase({ file, migrations: [one] })).rejects.toMatchObject({ code: 'database_damaged' });
    expect((await readFile(file)).equals(bytes)).toBe(true);
    expect(await readdir(folder)).toEqual(['evenkeel.db', 'evenkeel.db.lock']);
  });

  it('refuses a second user of the same data until the first has closed', async () => {
    const first = await openDatabase({ file });
    await expect(openDatabase({ file })).rejects.toMatchObject({ code: 'database_busy' });
    await first.close();
    await (await openDatabase({ file })).close();
  });
});

function noted(): void {
  // The result of the statement is of no interest.
}
