import type { UnitLocks } from '#engine/jobs/index';
import type { JobSummary } from '#shared/contract/jobs';
import type { UnitJobs } from './types';

interface JobsFace {
  readonly locks: UnitLocks;
  onJob(listener: (job: JobSummary) => void): () => void;
}

/** Which job holds which unit and how far it is, from the jobs. */
export function unitJobsOf(jobs: JobsFace): UnitJobs & { readonly stop: () => void } {
  const running = new Map<string, JobSummary>();
  const stop = jobs.onJob((job) => {
    if (job.endedAt === null) running.set(job.id, job);
    else running.delete(job.id);
  });
  return {
    stop,
    of: (unitId) => {
      const holder = jobs.locks.holder(unitId);
      if (holder === null) return null;
      const job = running.get(holder.jobId);
      return {
        ...holder,
        fraction: job === undefined ? null : fractionOf(job),
        updating: job?.kind.startsWith('updates.') === true,
      };
    },
    onChange: (listener) => {
      const unlisten = [jobs.locks.onChange(listener), jobs.onJob(() => listener())];
      return () => {
        for (const end of unlisten) end();
      };
    },
  };
}

function fractionOf(job: JobSummary): number | null {
  if (job.stepsTotal === 0) return null;
  const { progress } = job;
  const within = progress?.total ? Math.min(1, progress.done / progress.total) : 0;
  return Math.min(1, (job.stepsDone + within) / job.stepsTotal);
}
