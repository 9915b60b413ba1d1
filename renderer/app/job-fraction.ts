import type { JobSummary } from '#shared/contract/jobs';

/** How far a job's step under way has come, from 0 to 1; without it, how many steps are done. */
export function jobFraction(job: JobSummary): number | null {
  const { progress } = job;
  if (progress !== null && progress.total !== null && progress.total > 0) {
    return Math.min(1, progress.done / progress.total);
  }
  return job.stepsTotal === 0 ? null : job.stepsDone / job.stepsTotal;
}
