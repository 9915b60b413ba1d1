import type { JobSummary } from '#shared/contract/jobs';
import { LiveMap, type LiveSource } from '#engine/dispatch/index';
import { isEnded } from './close';

/** The newest jobs, and all that have not ended, for whoever watches them. */
export class Summaries {
  private readonly map = new LiveMap<JobSummary>();
  private readonly listeners = new Set<(job: JobSummary) => void>();

  constructor(private readonly limit: number) {}

  fill(jobs: readonly JobSummary[]): void {
    this.map.replace(new Map(jobs.map((job) => [job.id, job])));
  }

  tell(job: JobSummary): void {
    this.map.set(job.id, job);
    if (this.map.size > this.limit) this.forgetOldest();
    for (const listener of [...this.listeners]) listener(job);
  }

  source(): LiveSource<JobSummary> {
    return this.map;
  }

  onJob(listener: (job: JobSummary) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private forgetOldest(): void {
    const ended = [...this.map.values()].filter((job) => isEnded(job.state));
    const oldest = ended.reduce<JobSummary | null>((a, b) => (a === null || b.number < a.number ? b : a), null);
    if (oldest !== null) this.map.remove(oldest.id);
  }
}
