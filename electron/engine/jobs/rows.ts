import type { Selectable } from 'kysely';
import { jobSummary, journalEntry, proofLine } from '#shared/contract/jobs';
import type { JobSummary, JournalEntry, ProofLine } from '#shared/contract/jobs';
import type { JobNoteTable, JobProofTable, JobStepTable, JobTable } from './tables';

export interface JobRow extends Selectable<JobTable> {
  readonly steps_total: number;
  readonly steps_done: number;
}

/** Rows are checked like any other input: the file may have been written by another version. */
export function toSummary(row: JobRow): JobSummary {
  return jobSummary.parse(summaryOf(row));
}

/** A row that cannot be read any more must not hide the others. */
export function toSummaries(rows: readonly JobRow[]): JobSummary[] {
  return rows.flatMap((row) => jobSummary.safeParse(summaryOf(row)).data ?? []);
}

function summaryOf(row: JobRow): unknown {
  return {
    id: row.id,
    number: row.number,
    kind: row.kind,
    title: row.title,
    state: row.state,
    by: row.by_whom,
    reason: row.reason,
    ticket: row.ticket,
    practice: row.practice === 1,
    unitIds: fromJson(row.unit_ids),
    unitNames: fromJson(row.unit_names),
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    stepsDone: row.steps_done,
    stepsTotal: row.steps_total,
    currentStep: null,
    progress: null,
    verdict: row.verdict,
    error: fromJson(row.error),
    choices: fromJson(row.choices),
  };
}

export function toEntry(row: Selectable<JobStepTable>, notes: readonly Selectable<JobNoteTable>[]): JournalEntry {
  return journalEntry.parse({
    stepId: row.step_id,
    state: row.state,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    progress: fromJson(row.progress),
    notes: notes.map(({ at, level, text, code }) => ({ at, level, text, code: code === 1 })),
    error: fromJson(row.error),
  });
}

export function toProofLine(row: Selectable<JobProofTable>): ProofLine {
  return proofLine.parse({
    stepId: row.step_id,
    text: row.text,
    held: row.held === null ? null : row.held === 1,
    seen: row.seen,
    at: row.at,
  });
}

function fromJson(text: string | null): unknown {
  return text === null ? null : (JSON.parse(text) as unknown);
}
