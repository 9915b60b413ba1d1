import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '#engine/database/index';
import { Queue } from '#engine/database/queue';

let database: Database;

beforeEach(async () => {
  database = await openDatabase({ file: ':memory:' });
});

afterEach(async () => {
  await database.close();
});

describe('transactions', () => {
  it('take turns with other statements, and a failed one leaves nothing', async () => {
    const { kysely } = database;
    const insert = (name: string) => ({ name, value: '1' });
    const failing = kysely.transaction().execute(async (transaction) => {
      await transaction.insertInto('setting').values(insert('inside')).execute();
      await new Promise((resolve) => setImmediate(resolve));
      throw new Error('stop');
    });
    const beside = kysely.insertInto('setting').values(insert('beside')).execute();
    await expect(failing).rejects.toThrow('stop');
    await beside;
    const rows = await kysely.selectFrom('setting').select('name').execute();
    expect(rows).toEqual([{ name: 'beside' }]);
  });

  it('give counts, ids and returned rows', async () => {
    const { kysely } = database;
    const inserted = await kysely.insertInto('setting').values({ name: 'a', value: '1' }).executeTakeFirstOrThrow();
    expect(inserted.numInsertedOrUpdatedRows).toBe(1n);
    const updated = await kysely.updateTable('setting').set({ value: '2' }).executeTakeFirstOrThrow();
    expect(updated.numUpdatedRows).toBe(1n);
    const gone = await kysely.deleteFrom('setting').returning('value').execute();
    expect(gone).toEqual([{ value: '2' }]);
  });

  it('keep bytes as bytes', async () => {
    const sealed = new Uint8Array([0, 255, 7]);
    const row = { owner_id: 'o', name: 'n', sealed, updated_at: 1 };
    await database.kysely.insertInto('secret').values(row).execute();
    const found = await database.kysely.selectFrom('secret').select('sealed').executeTakeFirstOrThrow();
    expect([...found.sealed]).toEqual([0, 255, 7]);
  });

  it('refuse a row that points to nothing', async () => {
    const orphan = sql`insert into job_proof values ('no job', 0, null, 't', 1, 's', 1)`.execute(database.kysely);
    await expect(orphan).rejects.toThrow('FOREIGN KEY');
  });

  it('refuse to write on a full disk with its own code, and go on when there is space again', async () => {
    const { kysely } = database;
    const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(kysely);
    await sql`pragma max_page_count = ${sql.raw(String(rows[0]?.page_count))}`.execute(kysely);
    const write = () =>
      kysely
        .insertInto('setting')
        .values({ name: 'a', value: 'x'.repeat(100_000) })
        .execute();
    await expect(write()).rejects.toMatchObject({ code: 'local_disk_full' });
    await sql`pragma max_page_count = 100000`.execute(kysely);
    await write();
    expect(await kysely.selectFrom('setting').select('name').execute()).toEqual([{ name: 'a' }]);
  });

  it('do not wait for ever behind one that waits for itself', async () => {
    const queue = new Queue(1, 5);
    await queue.enter();
    const second = queue.enter();
    await expect(queue.enter()).rejects.toMatchObject({ code: 'overloaded' });
    await expect(second).rejects.toMatchObject({ code: 'deadline' });
    queue.leave();
    await queue.enter();
  });
});
