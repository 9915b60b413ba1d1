export interface UpdateTables {
  archive: ArchiveTable;
}

/** Times are milliseconds since 1970, UTC; digests are lower-case hexadecimal. */
export interface ArchiveTable {
  id: string;
  file_name: string;
  version: string;
  inner_version: string | null;
  bytes: number;
  sha256: string;
  md5: string;
  checksum_algorithm: string | null;
  checksum_value: string | null;
  verdict: string;
  verdict_text: string;
  /** The error code of a damaged archive. */
  fault: string | null;
  added_by: string;
  added_at: number;
  practice: number;
}
