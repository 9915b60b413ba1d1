import type { JobSummary, JournalEntry, ProofLine } from '#shared/contract/jobs';
import type { Plan } from '#shared/contract/plans';
import type { Connection } from './connection.svelte';
import { LiveStream } from './live.svelte';

/** One job as it runs: its summary, plan, journal and proof. End it with the component that made it. */
export class JobFollow {
  readonly stream: LiveStream<'jobs.detail'>;

  constructor(connection: Connection, jobId: string) {
    this.stream = new LiveStream(connection, 'jobs.detail', { jobId });
  }

  get job(): JobSummary | null {
    const item = this.stream.items.get('job');
    return item?.item === 'job' ? item.job : null;
  }

  get plan(): Plan | null {
    const item = this.stream.items.get('plan');
    return item?.item === 'plan' ? item.plan : null;
  }

  entry(stepId: string): JournalEntry | null {
    const item = this.stream.items.get(`entry:${stepId}`);
    return item?.item === 'entry' ? item.entry : null;
  }

  /** In the order in which they were read. */
  get proof(): readonly ProofLine[] {
    const lines = this.stream.list.flatMap((item) => (item.item === 'proof' ? [item] : []));
    return lines.sort((a, b) => a.index - b.index).map(({ line }) => line);
  }

  proofOf(stepId: string): readonly ProofLine[] {
    return this.proof.filter((line) => line.stepId === stepId);
  }

  close(): void {
    this.stream.close();
  }
}

export const activeStates: ReadonlySet<JobSummary['state']> = new Set(['queued', 'running', 'waiting', 'undoing']);

/** Has the job not ended yet? */
export function isActive(job: Pick<JobSummary, 'state'>): boolean {
  return activeStates.has(job.state);
}
