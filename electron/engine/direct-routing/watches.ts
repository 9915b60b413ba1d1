import type { Kysely } from 'kysely';
import type { Schema } from '#engine/database/index';

export interface ArmedWatch {
  readonly name: string;
  /** Milliseconds since 1970, by this computer's clock. */
  readonly until: number;
}

/**
 * The dead-men that were armed and are not known to be gone, in SQLite: one of a job that was given up may still strike,
 * and would take back whatever was done to the server since.
 */
export class Watches {
  constructor(private readonly db: Kysely<Schema>) {}

  /** Before it is sent: it may be armed although no answer comes. */
  async add(windowsId: string, { name, until }: ArmedWatch): Promise<void> {
    await this.db
      .insertInto('dr_watch')
      .values({ windows_id: windowsId, name, until })
      .onConflict((conflict) => conflict.columns(['windows_id', 'name']).doUpdateSet({ until }))
      .execute();
  }

  async drop(windowsId: string, name: string): Promise<void> {
    await this.db.deleteFrom('dr_watch').where('windows_id', '=', windowsId).where('name', '=', name).execute();
  }

  async of(windowsId: string): Promise<readonly ArmedWatch[]> {
    return this.db.selectFrom('dr_watch').select(['name', 'until']).where('windows_id', '=', windowsId).execute();
  }
}
