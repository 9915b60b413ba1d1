import { sql, type Kysely } from 'kysely';

/** Secrets, sealed by the keystore before they come here, and the settings as JSON text. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table secret (
    owner_id text not null,
    name text not null,
    sealed blob not null,
    updated_at integer not null,
    primary key (owner_id, name)
  ) strict`.execute(db);
  await sql`create table setting (
    name text primary key,
    value text not null
  ) strict`.execute(db);
}
