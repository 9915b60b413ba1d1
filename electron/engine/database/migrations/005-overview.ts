import { sql, type Kysely } from 'kysely';

/** State changes as history, and since when each node is in its state. Times are milliseconds since 1970. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table transition (
    sequence integer primary key autoincrement,
    at integer not null,
    site_id text not null,
    node_id text not null,
    node_name text not null,
    kind text not null,
    from_state text,
    to_state text not null,
    text text not null
  ) strict`.execute(db);
  await sql`create index transition_at on transition (at)`.execute(db);
  await sql`create table node_state (
    node_id text primary key,
    state text not null,
    since integer not null,
    active_unit text
  ) strict`.execute(db);
}
