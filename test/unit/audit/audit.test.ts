import fc from 'fast-check';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Audit, canonicalJson } from '#engine/audit/index';
import { openDatabase, type Database } from '#engine/database/index';

let database: Database;
let audit: Audit;
let time = 0;

beforeEach(async () => {
  database = await openDatabase({ file: ':memory:' });
  time = 0;
  audit = new Audit(database, () => ++time);
  await audit.load();
});

afterEach(async () => {
  await database.close();
});

async function fill(count: number): Promise<void> {
  for (let index = 1; index <= count; index++) {
    await audit.append({ who: 'jokafor', what: 'job.started', subject: `Job ${index}`, details: { b: index, a: 'x' } });
  }
}

/** What somebody with the file and a tool can do. */
async function tamper(statement: string): Promise<void> {
  await sql`drop trigger if exists audit_entry_stays`.execute(database.kysely);
  await sql`drop trigger if exists audit_entry_is_kept`.execute(database.kysely);
  await sql.raw(statement).execute(database.kysely);
}

describe('the audit log', () => {
  it('lists newest first, by part and by text', async () => {
    await fill(5);
    await audit.append({ who: 'mreyes', what: 'record.written', subject: '100% done_' });
    const list = (query: Partial<Parameters<Audit['list']>[0]>) =>
      audit.list({ before: null, limit: 3, contains: '', ...query });
    expect((await list({})).map((entry) => entry.sequence)).toEqual([6, 5, 4]);
    expect((await list({ before: 4 })).map((entry) => entry.sequence)).toEqual([3, 2, 1]);
    expect((await list({ contains: 'MREYES' })).map((entry) => entry.sequence)).toEqual([6]);
    expect((await list({ contains: '0% d' })).map((entry) => entry.sequence)).toEqual([6]);
    expect(await list({ contains: '%d%d' })).toEqual([]);
  });

  it('is intact as written, and its head is that of the newest entry', async () => {
    expect(await audit.verify()).toEqual({ intact: true, entries: 0, head: null, brokenAt: null });
    await fill(4);
    const head = await audit.head();
    expect(await audit.verify()).toEqual({ intact: true, entries: 4, head: head?.hash, brokenAt: null });
  });

  it('refuses to change or remove an entry', async () => {
    await fill(2);
    const { kysely } = database;
    await expect(kysely.updateTable('audit_entry').set({ who: 'x' }).execute()).rejects.toThrow('append-only');
    await expect(kysely.deleteFrom('audit_entry').execute()).rejects.toThrow('append-only');
  });

  it('takes appends from many sides at once and stays one chain', async () => {
    await Promise.all(
      Array.from({ length: 40 }, (_, index) => audit.append({ who: 'a', what: 'w', subject: `${index}` })),
    );
    expect(await audit.verify()).toMatchObject({ intact: true, entries: 40 });
  });

  it('shows the newest 200 to a stream', async () => {
    await fill(205);
    const again = new Audit(database, () => 1);
    await again.load();
    for (const source of [audit.live(), again.live()]) {
      const numbers = [...source.snapshot().values()].map((entry) => entry.sequence).sort((a, b) => a - b);
      expect(numbers).toEqual(Array.from({ length: 200 }, (_, index) => index + 6));
    }
  });

  it('finds any entry that was changed, removed or moved', async () => {
    const count = 12;
    await fill(count);
    const rows = await database.kysely.selectFrom('audit_entry').selectAll().orderBy('sequence').execute();
    const restore = async (): Promise<void> => {
      await tamper('delete from audit_entry');
      await database.kysely.insertInto('audit_entry').values(rows).execute();
    };
    const at = fc.integer({ min: 1, max: count });
    const change = fc.oneof(
      fc.tuple(fc.constantFrom('who', 'what', 'subject', 'details', 'hash'), at).map(([column, row]) => ({
        first: row,
        statements: [`update audit_entry set ${column} = ${column} || 'x' where sequence = ${row}`],
      })),
      at.map((row) => ({ first: row, statements: [`update audit_entry set at = at + 1 where sequence = ${row}`] })),
      at.map((row) => ({
        first: row,
        statements: [`update audit_entry set details = replace(details, '"a":"x"', '"a":"y"') where sequence = ${row}`],
      })),
      at.map((row) => ({ first: row, statements: [`delete from audit_entry where sequence = ${row}`] })),
      at.map((row) => ({ first: row, statements: [`delete from audit_entry where sequence >= ${row}`] })),
      at.map((row) => ({
        first: row,
        statements: [
          `delete from audit_entry where sequence = ${row}`,
          `update audit_entry set sequence = -sequence where sequence > ${row}`,
          `update audit_entry set sequence = -sequence - 1 where sequence < 0`,
        ],
      })),
      fc
        .tuple(at, at)
        .filter(([a, b]) => a !== b)
        .map(([a, b]) => ({
          first: Math.min(a, b),
          statements: [
            `update audit_entry set sequence = 0 where sequence = ${a}`,
            `update audit_entry set sequence = ${a} where sequence = ${b}`,
            `update audit_entry set sequence = ${b} where sequence = 0`,
          ],
        })),
    );
    await fc.assert(
      fc.asyncProperty(change, async ({ first, statements }) => {
        for (const statement of statements) await tamper(statement);
        const verdict = await audit.verify();
        await restore();
        return !verdict.intact && verdict.brokenAt === first;
      }),
      { numRuns: 120 },
    );
    expect(await audit.verify()).toMatchObject({ intact: true });
  });

  it('finds an entry added behind its back', async () => {
    await fill(2);
    await tamper(
      `insert into audit_entry select 3, at, who, what, subject, details, hash from audit_entry where sequence = 2`,
    );
    expect(await audit.verify()).toMatchObject({ intact: false, brokenAt: 3 });
  });
});

describe('canonical JSON', () => {
  it('does not depend on the order in which keys were written', () => {
    const value = fc.jsonValue();
    fc.assert(fc.property(value, (json) => canonicalJson(reversed(json)) === canonicalJson(json)));
    fc.assert(fc.property(value, (json) => canonicalJson(JSON.parse(canonicalJson(json))) === canonicalJson(json)));
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
}
