import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildArchive, PracticeSite } from '#engine/practice-site/index';
import type { JobDetail } from '#shared/contract/jobs';
import { temporaryFolder } from './make-archive';
import { startUpdates, type PracticeUpdates } from './practice-updates';

const never = new AbortController().signal;

let folder: string;
let site: PracticeSite;
let bench: PracticeUpdates;

/** In the scenario of the guide the first unit is active, so the second is updated first. */
const names = (): readonly [string, string] => {
  const [one, two] = bench.known.map(({ name }) => name);
  return [two ?? '', one ?? ''];
};

beforeEach(async () => {
  folder = temporaryFolder();
  // Fast, but slow enough that an installation (60 practice seconds) can be met while it runs.
  const options = { scenario: 'guide', seed: 1, speed: 30, archiveBytes: 1_000_000, signal: never } as const;
  site = await PracticeSite.open({ ...options, folder: join(folder, 'site') });
  bench = await startUpdates(site, join(folder, 'data'));
});
afterEach(async () => {
  await bench.close();
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

const until = async (met: () => boolean): Promise<void> => {
  const late = AbortSignal.timeout(30_000);
  while (!met()) {
    late.throwIfAborted();
    await sleep(5);
  }
};
const startRollout = async (): Promise<string> => {
  const { id } = await bench.shelve();
  return bench.start(await bench.plan(id));
};
const installing = (name: string): Promise<void> => until(() => site.world.appliance(name).installing !== null);
const notes = (job: JobDetail, stepId: string): string =>
  job.journal
    .find((entry) => entry.stepId === stepId)
    ?.notes.map(({ text }) => text)
    .join(' ') ?? '';
const restart = async (): Promise<void> => {
  await bench.close();
  bench = await startUpdates(site, join(folder, 'data'));
  await bench.jobs.resume();
};

describe('a rollout that is interrupted', () => {
  it('waits for the installation that runs on the unit when the engine was stopped in the middle of it', async () => {
    const [first] = names();
    const jobId = await startRollout();
    await installing(first);
    await restart();
    const job = await bench.ended(jobId);
    expect(job.job).toMatchObject({ state: 'succeeded', verdict: 'proved' });
    expect(notes(job, `${first}:install`)).toContain('An update is running on the unit');
    expect(notes(job, `${first}:prompts`)).toContain('restart heartbeat');
  });

  it('takes the version for the answer when the link is cut in the middle of the installation', async () => {
    const [first] = names();
    const jobId = await startRollout();
    await installing(first);
    await site.fault(first, { kind: 'refuse' });
    await until(() => site.world.appliance(first).installing === null);
    await site.fault(first, { kind: 'clear' });
    const job = await bench.ended(jobId);
    expect(job.job).toMatchObject({ state: 'succeeded', verdict: 'proved' });
    expect(notes(job, `${first}:install`)).toContain('The answer was lost');
  });

  it('does not leave an installation when the job is cancelled: it ends, then the job is cancelled', async () => {
    const [first, second] = names();
    const jobId = await startRollout();
    await installing(first);
    await bench.jobs.cancel(jobId, 'jokafor');
    const job = await bench.ended(jobId);
    expect(job.job.state).toBe('cancelled');
    expect(job.journal.find(({ stepId }) => stepId === `${first}:install`)?.state).toBe('done');
    expect(site.world.appliance(first)).toMatchObject({ version: '8.13.2', installing: null, ha: 'passive' });
    expect(site.world.appliance(second)).toMatchObject({ version: '8.13.1', ha: 'active' });
  });

  it('goes on after the engine was stopped in the middle of the failover, with exactly one of them', async () => {
    const [first, second] = names();
    const jobId = await startRollout();
    await until(() => bench.jobs.locks.holder(first) !== null);
    let failovers = 0;
    let active = second;
    const watch = setInterval(() => {
      const now = [first, second].find((name) => site.world.appliance(name).ha === 'active') ?? active;
      if (now !== active) failovers += 1;
      active = now;
    }, 2);
    await until(() => site.world.appliance(second).ha === 'passive');
    await restart();
    const job = await bench.ended(jobId);
    clearInterval(watch);
    expect(job.job).toMatchObject({ state: 'succeeded', verdict: 'proved' });
    expect(failovers).toBe(1);
  });

  it('restarts the unit when it asks for that, and waits until it is back', async () => {
    const [first] = names();
    const asksFor = { restarts: ['haproxy'], appliance: true };
    const files = await buildArchive({ folder, seed: 3, bytes: 500_000, asksFor }, never);
    const { id } = await bench.shelve(files);
    const job = await bench.ended(await bench.start(await bench.plan(id)));
    expect(job.job).toMatchObject({ state: 'succeeded', verdict: 'proved' });
    expect(notes(job, `${first}:prompts`)).toContain(`${first} is back`);
  });

  it('asks when a real server does not come back, with the traffic on the other unit, and resumes', async () => {
    await bench.close();
    bench = await startUpdates(site, join(folder, 'data'), { healthMs: 1_000 });
    const [first, second] = names();
    const jobId = await startRollout();
    await installing(first);
    const [service] = site.world.pairOf(first).services;
    const realServer = service?.realServers[0]?.label ?? '';
    await site.fault(first, { kind: 'failing-check', service: service?.label ?? '', realServer });
    const job = await bench.ended(jobId);
    expect(job.job).toMatchObject({
      state: 'waiting',
      error: { code: 'health_not_restored', details: { unit: first } },
    });
    expect(job.job.error?.details.reason).toContain(realServer);
    expect(site.world.appliance(second)).toMatchObject({ version: '8.13.1', ha: 'active' });
    await site.fault(first, { kind: 'clear' });
    await bench.jobs.decide(jobId, 'resume', 'jokafor');
    expect((await bench.ended(jobId)).job).toMatchObject({ state: 'succeeded', verdict: 'proved' });
  });
});
