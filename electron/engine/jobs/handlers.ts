import type { jobCalls, jobStreams } from '#shared/contract/jobs';
import type { HandlersOf } from '#engine/dispatch/index';
import type { Jobs } from './jobs';

export function jobHandlers(jobs: Jobs): HandlersOf<keyof typeof jobCalls, keyof typeof jobStreams> {
  return {
    calls: {
      'jobs.start': (input, { operator }) => jobs.start({ ...input, by: operator }),
      'jobs.cancel': async ({ jobId }, { operator }) => {
        await jobs.cancel(jobId, operator);
        return {};
      },
      'jobs.decide': async ({ jobId, choice }, { operator }) => {
        await jobs.decide(jobId, choice, operator);
        return {};
      },
      'jobs.list': ({ limit }) => jobs.list(limit),
      'jobs.get': ({ jobId }) => jobs.detail(jobId),
      'jobs.wait': ({ jobId }, { signal }) => jobs.wait(jobId, signal),
      'jobs.record': ({ jobId }) => jobs.record(jobId),
      'plans.get': ({ planId }) => jobs.plans.get(planId),
    },
    streams: {
      'jobs.live': () => jobs.summarySource(),
      'jobs.detail': ({ jobId }) => jobs.detailSource(jobId),
    },
  };
}
