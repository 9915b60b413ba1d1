import { sql, type Kysely } from 'kysely';

/**
 * Units of the inventory. `settings`, `facts` and `alarm` are JSON text: what a person gave, what the unit says of
 * itself, and an identity that changed. Secrets are elsewhere, under the unit's id.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table unit (
    id text primary key,
    kind text not null,
    name text not null unique,
    site text not null,
    practice integer not null,
    sequence integer not null unique,
    settings text not null,
    facts text not null,
    alarm text
  ) strict`.execute(db);
}
