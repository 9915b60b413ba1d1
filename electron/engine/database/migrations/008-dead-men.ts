import { sql, type Kysely } from 'kysely';

/** Dead-men that were armed on Windows servers and are not known to be gone. Times are milliseconds since 1970. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table dr_watch (
    windows_id text not null,
    name text not null,
    until integer not null,
    primary key (windows_id, name)
  ) strict`.execute(db);
}
