import { sql, type Kysely } from 'kysely';

/** The shelf of update archives. The files lie beside the database, in the folder `shelf`, under their id. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table archive (
    id text primary key,
    file_name text not null,
    version text not null,
    inner_version text,
    bytes integer not null,
    sha256 text not null,
    md5 text not null,
    checksum_algorithm text,
    checksum_value text,
    verdict text not null,
    verdict_text text not null,
    fault text,
    added_by text not null,
    added_at integer not null,
    practice integer not null
  ) strict`.execute(db);
}
