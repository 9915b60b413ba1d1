import type { JobDetail, JobState } from '#shared/contract/jobs';
import { canonicalJson, sha256 } from '#engine/audit/index';
import type { ErrorItem } from './error-shape';
import type { LiveJob } from './live-job';
import type { JobParts } from './parts';
import type { JobOutcome } from './step-kind';

/** Ends a job: its state first, then audit log, capability, change record, and last the units are let go. */
export async function closeJob(
  job: LiveJob,
  parts: JobParts,
  state: JobOutcome['state'],
  error: ErrorItem | null,
): Promise<void> {
  const verdict = job.summary.verdict === 'proved' && state === 'succeeded' ? 'proved' : 'not-proved';
  await job.journal.flush();
  await parts.store.update(job.id, {
    state,
    verdict,
    ended_at: parts.now(),
    choices: '[]',
    error: error && JSON.stringify(error),
  });
  await fileJob(job.id, parts);
  parts.locks.release(job.id);
  const { detail } = await parts.store.load(job.id);
  job.show({ ...detail.job });
  const how = verdict === 'proved' ? 'done and proved' : words[state];
  parts.desktop.notify({ title: `Job ${detail.job.number} ${how}`, body: detail.job.title });
}

const words = {
  succeeded: 'done, not proved',
  failed: 'failed',
  cancelled: 'cancelled',
  undone: 'undone',
} as const;

/**
 * Writes an ended job to the audit log and its change record to the folder, whatever of that a crash has left undone.
 * A record that cannot be written now is written at the next start.
 */
export async function fileJob(jobId: string, parts: JobParts): Promise<void> {
  const { store, audit, log } = parts;
  let stored = await store.load(jobId);
  if (stored.auditSequence === null) {
    const { job, plan, journal, proof } = stored.detail;
    const entry = await audit.append({
      who: job.by,
      what: 'job.ended',
      subject: `Job ${job.number}: ${job.title}`,
      details: { job: job.number, state: job.state, verdict: job.verdict, ...digestsOf({ plan, journal, proof }) },
    });
    await store.update(jobId, { audit_sequence: entry.sequence, audit_head: entry.hash });
    stored = await store.load(jobId);
  }
  try {
    await tellKind(stored.detail, parts);
    const record = await parts.records.write(stored);
    await audit.append({
      who: stored.detail.job.by,
      what: 'record.written',
      subject: `Change record of job ${stored.detail.job.number}`,
      details: { file: record.fileName, sha256: record.sha256 },
    });
    await store.update(jobId, { record_file: record.fileName, record_sha256: record.sha256 });
  } catch (error) {
    log.unexpected(error, `change record of job ${stored.detail.job.number}`);
  }
}

/** SHA-256 of the canonical JSON of the parts of a record, hex. */
export function digestsOf(parts: Pick<JobDetail, 'plan' | 'journal' | 'proof'>): {
  readonly plan: string;
  readonly journal: string;
  readonly proof: string;
} {
  return {
    plan: sha256(canonicalJson(parts.plan)),
    journal: sha256(canonicalJson(parts.journal)),
    proof: sha256(canonicalJson(parts.proof)),
  };
}

async function tellKind({ job, plan, proof }: JobDetail, parts: JobParts): Promise<void> {
  const { state } = job;
  if (!isEnded(state)) return;
  const outcome: JobOutcome = {
    jobId: job.id,
    number: job.number,
    by: job.by,
    state,
    proved: job.verdict === 'proved',
    endedAt: job.endedAt ?? parts.now(),
    proof,
  };
  try {
    await parts.catalogue.plan(plan).ended?.(plan, outcome);
  } catch (error) {
    parts.log.unexpected(error, `end of job ${job.number}`);
  }
}

export function isEnded(state: JobState): state is JobOutcome['state'] {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled' || state === 'undone';
}
