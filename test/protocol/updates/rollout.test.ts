import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PracticeSite } from '#engine/practice-site/index';
import type { JobDetail } from '#shared/contract/jobs';
import type { Plan } from '#shared/contract/plans';
import { EvenkeelError } from '#shared/errors';
import { temporaryFolder } from './make-archive';
import { startUpdates, type PracticeUpdates } from './practice-updates';

const never = new AbortController().signal;

let folder: string;
let site: PracticeSite;
let bench: PracticeUpdates;
let first: string;
let second: string;

beforeEach(async () => {
  folder = temporaryFolder();
  const options = { scenario: 'guide', seed: 1, speed: 1_000, archiveBytes: 3_000_000, signal: never } as const;
  site = await PracticeSite.open({ ...options, folder: join(folder, 'site') });
  bench = await startUpdates(site, join(folder, 'data'));
  const states = await Promise.all(
    bench.known.map(async ({ name }) => [name, (await bench.appliance(name).read(never)).ha.state] as const),
  );
  first = states.find(([, state]) => state === 'passive')?.[0] ?? '';
  second = states.find(([, state]) => state === 'active')?.[0] ?? '';
});
afterEach(async () => {
  await bench.close();
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

const rollout = async (): Promise<JobDetail> => {
  const { id } = await bench.shelve();
  return bench.ended(await bench.start(await bench.plan(id)));
};
const entry = (job: JobDetail, stepId: string) => job.journal.find((candidate) => candidate.stepId === stepId);
const states = async (): Promise<string[]> => {
  const read = async (name: string): Promise<string> => {
    const { ha } = await bench.appliance(name).read(never);
    return `${name} ${ha.state ?? 'unknown'}`;
  };
  return Promise.all([read(first), read(second)]);
};
const stagedPathOf = ({ basis }: Plan): string =>
  `/var/tmp/evenkeel-${JSON.stringify(basis.sha256).slice(1, 17)}-lb_update.8.13.2-1.lb.tar.gz`;
const version = async (name: string): Promise<string | null> => (await bench.appliance(name).read(never)).version;

describe('a rollout over the practice pair', () => {
  it('updates both units with one failover and proves every promise', async () => {
    const job = await rollout();
    expect(job.job.error).toBeNull();
    expect(job.job).toMatchObject({ state: 'succeeded', verdict: 'proved' });
    expect(job.proof.filter(({ held }) => held !== true)).toEqual([]);
    expect(job.proof).toHaveLength(job.plan.steps.length);
    expect(await version(first)).toBe('8.13.2');
    expect(await version(second)).toBe('8.13.2');
    expect(await states()).toEqual([`${first} active`, `${second} passive`]);
    const notes = entry(job, `${first}:backup`)?.notes.map(({ text }) => text) ?? [];
    const path = notes.find((text) => text.endsWith('.backup')) ?? '';
    expect(readFileSync(path).length).toBeGreaterThan(0);
    const archive = (await bench.list()).find(({ kind }) => kind === 'archive');
    expect(archive).toMatchObject({ usedByJob: null, practice: true });
  });

  it('goes on after a cut link where the upload broke', async () => {
    const { id } = await bench.shelve();
    const plan = await bench.plan(id);
    // Nothing before the upload is that large, so it is the upload that breaks, however fast this machine is.
    await site.fault(first, { kind: 'cut', afterBytes: 1_000_000 });
    const jobId = await bench.start(plan);
    const items = await bench.jobs.detailSource(jobId);
    items.subscribe(({ set }) => {
      const lost = [...set.values()].some(
        (item) => item.item === 'entry' && item.entry.notes.some(({ text }) => text.includes('Link lost')),
      );
      if (lost) void site.fault(first, { kind: 'clear' });
    });
    const job = await bench.ended(jobId);
    expect(job.job).toMatchObject({ state: 'succeeded', verdict: 'proved' });
    const notes = entry(job, `${first}:upload`)?.notes.map(({ text }) => text) ?? [];
    expect(notes.join(' ')).toContain('Link lost');
  });

  it('finds a damaged upload by the unit’s own digest, installs nothing, and resumes with a new copy', async () => {
    await site.fault(first, { kind: 'damaged-upload' });
    const job = await rollout();
    expect(job.job).toMatchObject({ state: 'waiting', error: { code: 'upload_damaged', details: { unit: first } } });
    expect(await version(first)).toBe('8.13.1');
    const staged = stagedPathOf(job.plan);
    expect(await bench.appliance(first).stat(staged, never)).toBeNull();
    await site.fault(first, { kind: 'clear' });
    await bench.jobs.decide(job.job.id, 'resume', 'jokafor');
    expect((await bench.ended(job.job.id)).job).toMatchObject({ state: 'succeeded', verdict: 'proved' });
  });

  it('stops in Readiness when the unit’s disk is full, with nothing touched', async () => {
    const { id } = await bench.shelve();
    const plan = await bench.plan(id);
    await site.fault(first, { kind: 'disk-full' });
    const job = await bench.ended(await bench.start(plan));
    expect(job.job).toMatchObject({ state: 'failed', error: { code: 'remote_disk_full', details: { unit: first } } });
    expect(entry(job, `${first}:backup`)?.state).toBe('pending');
  });

  it('asks when the disk fills up during the upload, and undo leaves nothing behind', async () => {
    const { id } = await bench.shelve();
    const plan = await bench.plan(id);
    bench.jobs.onJob(({ currentStep }) => {
      if (currentStep === 'Backup') void site.fault(first, { kind: 'disk-full' });
    });
    const jobId = await bench.start(plan);
    const job = await bench.ended(jobId);
    expect(job.job).toMatchObject({ state: 'waiting', choices: ['resume', 'undo', 'stop'] });
    expect(job.job.error).toMatchObject({ code: 'remote_disk_full', details: { unit: first } });
    await site.fault(first, { kind: 'clear' });
    await bench.jobs.decide(jobId, 'undo', 'jokafor');
    expect((await bench.ended(jobId)).job.state).toBe('undone');
    const staged = stagedPathOf(plan);
    expect(await bench.appliance(first).stat(staged, never)).toBeNull();
    expect(await bench.appliance(first).stat(`${staged}.part`, never)).toBeNull();
    expect(await version(first)).toBe('8.13.1');
  });

  it('resumes an upload after the engine was stopped in the middle of it', async () => {
    const { id } = await bench.shelve();
    const plan = await bench.plan(id);
    const stopped = new Promise<void>((resolve) => {
      bench.jobs.onJob(({ currentStep }) => {
        if (currentStep === 'Upload') resolve();
      });
    });
    const jobId = await bench.start(plan);
    await stopped;
    await bench.close();
    bench = await startUpdates(site, join(folder, 'data'));
    await bench.jobs.resume();
    expect((await bench.ended(jobId)).job).toMatchObject({ state: 'succeeded', verdict: 'proved' });
  });

  it('refuses to start when the roles changed since the plan was drawn up', async () => {
    const { id } = await bench.shelve();
    const plan = await bench.plan(id);
    await bench.appliance(second).failover('standby', never);
    for (let tries = 0; tries < 200; tries++) {
      if ((await bench.appliance(first).read(never)).ha.state === 'active') break;
    }
    const job = await bench.ended(await bench.start(plan));
    expect(job.job).toMatchObject({ state: 'failed', error: { code: 'plan_outdated' } });
    expect(await version(first)).toBe('8.13.1');
  });

  it('is not planned while a unit does not answer', async () => {
    const { id } = await bench.shelve();
    await site.fault(second, { kind: 'refuse' });
    const error: unknown = await bench.plan(id).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(EvenkeelError);
    // The link that stood is cut first; only the next one is refused.
    const code: unknown = expect.stringMatching(/^(link_cut|connect_refused)$/);
    expect(error).toMatchObject({ code, details: { unit: second, unchanged: 'Nothing was sent.' } });
  });
});
