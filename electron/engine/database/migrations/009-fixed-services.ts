import { sql, type Kysely } from 'kysely';

/** The services that a fix was made for, as JSON: an address and the id of its pair each. Not known of earlier fixes. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table dr_fix add column services text not null default '[]'`.execute(db);
}
