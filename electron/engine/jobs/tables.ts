import type { Generated } from 'kysely';

/** Times are milliseconds since 1970, UTC; structured values are JSON text; booleans are 0 and 1. */
export interface JobTables {
  plan: PlanTable;
  job: JobTable;
  job_step: JobStepTable;
  job_note: JobNoteTable;
  job_proof: JobProofTable;
}

export interface PlanTable {
  id: string;
  kind: string;
  drawn_up_at: number;
  kept_at: number;
  plan: string;
}

export interface JobTable {
  /** The number people say; given by the database. */
  number: Generated<number>;
  id: string;
  plan_id: string;
  kind: string;
  title: string;
  state: string;
  by_whom: string;
  reason: string;
  ticket: string | null;
  practice: number;
  unit_ids: string;
  unit_names: string;
  created_at: number;
  started_at: number | null;
  ended_at: number | null;
  /** Where the job is going: `run`, `undo`, `cancel` or `stop`. Survives a crash. */
  intent: string;
  verdict: string;
  error: string | null;
  choices: string;
  proved_at: number | null;
  /** Number and hash of the audit entry that closed the job. */
  audit_sequence: number | null;
  audit_head: string | null;
  record_file: string | null;
  record_sha256: string | null;
}

export interface JobStepTable {
  job_id: string;
  position: number;
  step_id: string;
  state: string;
  started_at: number | null;
  ended_at: number | null;
  memory: string;
  progress: string | null;
  error: string | null;
}

export interface JobNoteTable {
  job_id: string;
  step_id: string;
  position: number;
  at: number;
  level: string;
  text: string;
  code: number;
}

export interface JobProofTable {
  job_id: string;
  position: number;
  step_id: string | null;
  text: string;
  held: number | null;
  seen: string;
  at: number;
}
