import { z } from 'zod';
import { EvenkeelError } from '#shared/errors';
import type { Database } from '#engine/database/index';
import type { Keystore } from '#engine/desktop/index';

/** Sealed together with its value, so that a blob moved to another owner or name is refused. */
const envelope = z.strictObject({ owner: z.string(), name: z.string(), value: z.string() });

/** Passwords and keys of units. SQLite holds only what the keystore sealed. */
export class SecretStore {
  constructor(
    private readonly database: Database,
    private readonly keystore: Keystore,
    private readonly now: () => number,
  ) {}

  /** Puts or replaces. Throws `secrets_locked` or `secrets_unavailable`. */
  async put(ownerId: string, name: string, value: string): Promise<void> {
    const sealed = await this.keystore.encrypt(JSON.stringify({ owner: ownerId, name, value }));
    const row = { owner_id: ownerId, name, sealed, updated_at: this.now() };
    await this.database.kysely
      .insertInto('secret')
      .values(row)
      .onConflict((conflict) =>
        conflict.columns(['owner_id', 'name']).doUpdateSet({ sealed: row.sealed, updated_at: row.updated_at }),
      )
      .execute();
  }

  /** Throws `secret_missing`, `secrets_locked` or `secrets_unavailable`. */
  async get(ownerId: string, name: string): Promise<string> {
    const row = await this.database.kysely
      .selectFrom('secret')
      .select('sealed')
      .where('owner_id', '=', ownerId)
      .where('name', '=', name)
      .executeTakeFirst();
    if (row === undefined) throw missing(name);
    const opened = envelope.safeParse(JSON.parse(await this.keystore.decrypt(row.sealed)));
    if (!opened.success || opened.data.owner !== ownerId || opened.data.name !== name) throw missing(name);
    return opened.data.value;
  }

  /** The names of the secrets an owner has. */
  async names(ownerId: string): Promise<readonly string[]> {
    const rows = await this.database.kysely
      .selectFrom('secret')
      .select('name')
      .where('owner_id', '=', ownerId)
      .orderBy('name')
      .execute();
    return rows.map((row) => row.name);
  }

  /** Removes all secrets of an owner. */
  async remove(ownerId: string): Promise<void> {
    await this.database.kysely.deleteFrom('secret').where('owner_id', '=', ownerId).execute();
  }
}

function missing(name: string): EvenkeelError {
  return new EvenkeelError('secret_missing', { step: `find the stored ${name}`, advice: 'Enter it again.' });
}
