import type { Database } from '#engine/database/index';
import { checksumAlgorithms, type Checksum } from '#shared/domain/updates/checksum-file';
import type { ShelvedArchive } from '#shared/domain/updates/rollout-plan';
import type { ArchiveTable } from './tables';

/** An archive on the shelf, with what came of it. */
export interface StoredArchive extends ShelvedArchive {
  /** From the name, by the three numbers. */
  readonly version: string;
  readonly innerVersion: string | null;
  readonly md5: string;
  readonly addedBy: string;
  readonly addedAt: number;
}

/** The table of the shelf. */
export class ArchiveStore {
  constructor(private readonly database: Pick<Database, 'kysely'>) {}

  async list(): Promise<readonly StoredArchive[]> {
    const rows = await this.database.kysely.selectFrom('archive').selectAll().orderBy('added_at', 'desc').execute();
    return rows.map(fromRow);
  }

  async put(archive: StoredArchive): Promise<void> {
    const row = toRow(archive);
    await this.database.kysely
      .insertInto('archive')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute();
  }

  async remove(id: string): Promise<void> {
    await this.database.kysely.deleteFrom('archive').where('id', '=', id).execute();
  }
}

function toRow(archive: StoredArchive): ArchiveTable {
  return {
    id: archive.id,
    file_name: archive.fileName,
    version: archive.version,
    inner_version: archive.innerVersion,
    bytes: archive.bytes,
    sha256: archive.sha256,
    md5: archive.md5,
    checksum_algorithm: archive.checksum?.algorithm ?? null,
    checksum_value: archive.checksum?.value ?? null,
    verdict: archive.verdict,
    verdict_text: archive.verdictText,
    fault: archive.fault,
    added_by: archive.addedBy,
    added_at: archive.addedAt,
    practice: archive.practice ? 1 : 0,
  };
}

function fromRow(row: ArchiveTable): StoredArchive {
  const verdict = row.verdict === 'verified' || row.verdict === 'no-checksum' ? row.verdict : 'damaged';
  const fault = row.fault === 'checksum_mismatch' ? row.fault : verdict === 'damaged' ? 'archive_damaged' : null;
  return {
    id: row.id,
    fileName: row.file_name,
    version: row.version,
    innerVersion: row.inner_version,
    bytes: row.bytes,
    sha256: row.sha256,
    md5: row.md5,
    checksum: checksumOf(row),
    verdict,
    verdictText: row.verdict_text,
    fault,
    addedBy: row.added_by,
    addedAt: row.added_at,
    practice: row.practice === 1,
  };
}

function checksumOf(row: ArchiveTable): Checksum | null {
  const algorithm = checksumAlgorithms.find((known) => known === row.checksum_algorithm);
  return algorithm && row.checksum_value !== null ? { algorithm, value: row.checksum_value } : null;
}
