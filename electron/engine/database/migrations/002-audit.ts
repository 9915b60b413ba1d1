import { sql, type Kysely } from 'kysely';

/**
 * The audit log. The triggers keep this program from changing an entry by mistake; against others the hash chain tells.
 * `audit_head` repeats the newest hash, so that a cut tail shows unless both were changed.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table audit_entry (
    sequence integer primary key,
    at integer not null,
    who text not null,
    what text not null,
    subject text not null,
    details text not null,
    hash text not null
  ) strict`.execute(db);
  await sql`create trigger audit_entry_stays before update on audit_entry
    begin select raise(abort, 'the audit log is append-only'); end`.execute(db);
  await sql`create trigger audit_entry_is_kept before delete on audit_entry
    begin select raise(abort, 'the audit log is append-only'); end`.execute(db);
  await sql`create table audit_head (
    id integer primary key check (id = 1),
    sequence integer not null,
    hash text not null
  ) strict`.execute(db);
}
