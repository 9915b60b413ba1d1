export interface AuditTables {
  audit_entry: AuditEntryTable;
  audit_head: AuditHeadTable;
}

export interface AuditEntryTable {
  sequence: number;
  /** Milliseconds since 1970, UTC. */
  at: number;
  who: string;
  what: string;
  subject: string;
  /** Canonical JSON. */
  details: string;
  /** SHA-256, hex, over the hash before it and this entry. */
  hash: string;
}

/** One row: the newest entry, said a second time. */
export interface AuditHeadTable {
  id: number;
  sequence: number;
  hash: string;
}
