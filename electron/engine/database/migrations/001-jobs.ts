import { sql, type Kysely } from 'kysely';

/** Plans, jobs with their journal, and proofs. Times are milliseconds since 1970; structured values are JSON text. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table plan (
    id text primary key,
    kind text not null,
    drawn_up_at integer not null,
    kept_at integer not null,
    plan text not null
  ) strict`.execute(db);
  await sql`create table job (
    number integer primary key autoincrement,
    id text not null unique,
    plan_id text not null unique references plan (id),
    kind text not null,
    title text not null,
    state text not null,
    by_whom text not null,
    reason text not null,
    ticket text,
    practice integer not null,
    unit_ids text not null,
    unit_names text not null,
    created_at integer not null,
    started_at integer,
    ended_at integer,
    intent text not null,
    verdict text not null,
    error text,
    choices text not null,
    proved_at integer,
    audit_sequence integer,
    audit_head text,
    record_file text,
    record_sha256 text
  ) strict`.execute(db);
  await sql`create index job_state on job (state)`.execute(db);
  await sql`create table job_step (
    job_id text not null references job (id),
    position integer not null,
    step_id text not null,
    state text not null,
    started_at integer,
    ended_at integer,
    memory text not null,
    progress text,
    error text,
    primary key (job_id, step_id)
  ) strict`.execute(db);
  await sql`create table job_note (
    job_id text not null,
    step_id text not null,
    position integer not null,
    at integer not null,
    level text not null,
    text text not null,
    code integer not null,
    primary key (job_id, step_id, position),
    foreign key (job_id, step_id) references job_step (job_id, step_id)
  ) strict, without rowid`.execute(db);
  await sql`create table job_proof (
    job_id text not null references job (id),
    position integer not null,
    step_id text,
    text text not null,
    held integer,
    seen text not null,
    at integer not null,
    primary key (job_id, position)
  ) strict, without rowid`.execute(db);
}
