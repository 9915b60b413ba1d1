export interface DirectRoutingTables {
  dr_snapshot: DrSnapshotTable;
  dr_fix: DrFixTable;
  dr_watch: DrWatchTable;
}

/** A dead-man that was armed on a server and is not known to be gone. */
export interface DrWatchTable {
  windows_id: string;
  name: string;
  /** The server takes everything back then, by this computer's clock. */
  until: number;
}

/** The network state of a server before a job changed it. One a job and server; never changed. */
export interface DrSnapshotTable {
  id: string;
  windows_id: string;
  job_id: string;
  taken_at: number;
  /** Of `state`, lower-case hex. */
  sha256: string;
  /** JSON text: a `WindowsNetworkState`. */
  state: string;
}

/** A fix that was applied. Rows of a job that still runs have no number yet. */
export interface DrFixTable {
  /** `<job id>/<windows id>`. */
  id: string;
  windows_id: string;
  name: string;
  job_id: string;
  job_number: number | null;
  by_whom: string;
  at: number;
  /** 0 or 1. */
  proved: number;
  snapshot_id: string;
  /** JSON text: the operations, in order. */
  operations: string;
  /** JSON text: the virtual addresses it was made for, each with its pair; `[]` of earlier versions. */
  services: string;
  /** The configuration that was read back, as `configurationText` gives it. */
  after: string;
  /** 0 or 1. */
  undone: number;
}
