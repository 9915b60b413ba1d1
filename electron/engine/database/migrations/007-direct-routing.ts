import { sql, type Kysely } from 'kysely';

/** Snapshots of Windows servers and the fixes that were applied to them. Times are milliseconds since 1970. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table dr_snapshot (
    id text primary key,
    windows_id text not null,
    job_id text not null,
    taken_at integer not null,
    sha256 text not null,
    state text not null,
    unique (job_id, windows_id)
  ) strict`.execute(db);
  await sql`create table dr_fix (
    id text primary key,
    windows_id text not null,
    name text not null,
    job_id text not null,
    job_number integer,
    by_whom text not null,
    at integer not null,
    proved integer not null,
    snapshot_id text not null,
    operations text not null,
    after text not null,
    undone integer not null
  ) strict`.execute(db);
  await sql`create index dr_fix_windows on dr_fix (windows_id, at)`.execute(db);
}
