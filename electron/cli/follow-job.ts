import type { EvenkeelClient } from '#shared/contract/client';
import type { JobDetail, JobItem } from '#shared/contract/jobs';

/** Something a person or a machine can read while the main job runs. */
export type Report = (event: { readonly event: string; readonly [key: string]: unknown }, line: string) => void;

const ended = new Set(['succeeded', 'failed', 'cancelled', 'undone', 'waiting']);

/** Follows a job to its end, a line a step and a line a tenth of a long step. Gives the whole job. */
export async function followJob(client: EvenkeelClient, jobId: string, report: Report): Promise<JobDetail> {
  const teller = new StepTeller(report);
  await new Promise<void>((resolve, reject) => {
    const stop = client.watch(
      'jobs.detail',
      { jobId },
      {
        snapshot: (items) => take(items.values()),
        change: (set) => take(set.values()),
        ended: (error) => (error === null ? resolve() : reject(error)),
      },
    );
    const take = (items: Iterable<JobItem>): void => {
      let over = false;
      for (const item of items) {
        teller.take(item);
        if (item.item === 'job' && ended.has(item.job.state)) over = true;
      }
      if (over) {
        // The snapshot may arrive before `watch` has given back how to stop.
        queueMicrotask(() => {
          stop();
          resolve();
        });
      }
    };
  });
  return client.call('jobs.get', { jobId });
}

class StepTeller {
  private readonly titles = new Map<string, string>();
  private readonly told = new Map<string, string>();

  constructor(private readonly report: Report) {}

  take(item: JobItem): void {
    if (item.item === 'plan') {
      for (const step of item.plan.steps) this.titles.set(step.id, `${step.title}, ${step.unitName}: ${step.sentence}`);
    }
    if (item.item !== 'entry') return;
    const { entry } = item;
    const tenth = entry.progress?.total ? Math.floor((10 * entry.progress.done) / entry.progress.total) : 0;
    const mark = `${entry.state} ${entry.state === 'running' ? tenth : ''}`;
    if (entry.state === 'pending' || this.told.get(entry.stepId) === mark) return;
    this.told.set(entry.stepId, mark);
    const title = this.titles.get(entry.stepId) ?? entry.stepId;
    const share = entry.state === 'running' && tenth > 0 ? ` ${tenth * 10} %` : '';
    const event = {
      event: 'step',
      stepId: entry.stepId,
      state: entry.state,
      progress: entry.progress,
      error: entry.error,
    };
    this.report(
      event,
      `    ${entry.state.padEnd(8)}${title}${share}${entry.error === null ? '' : `: ${entry.error.message}`}`,
    );
  }
}
