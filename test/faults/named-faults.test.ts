import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JobDetail, JobItem } from '#shared/contract/jobs';
import type { Plan } from '#shared/contract/plans';
import type { PracticeFault } from '#shared/contract/practice';
import { EvenkeelError, type ErrorCode, type ErrorShape } from '#shared/errors';
import { filesHolding } from './files-holding';
import {
  endOf,
  engineHere,
  momentOf,
  newDataFolder,
  practiceState,
  removeDataFolder,
  sshOf,
  startJob,
  type WholeEngine,
} from './whole-engine';

// In the guide's pair the first unit is active, so the second is updated first.
const appliance = 'lb-practice-2';
const server = 'ICA-APP02';
const windowsId = `practice:${server}`;
const told: ErrorShape[] = [];
let folder: string;
let engine: WholeEngine;
let files: { readonly archive: string; readonly checksum: string };
let archiveId: string;
let pairId: string;
let before: unknown;

beforeAll(async () => {
  folder = await newDataFolder();
  engine = await engineHere(folder);
  const { client } = engine;
  const site = await client.call('practice.open', { scenario: 'guide', speed: 100 });
  if (site.archive === null) throw new Error('no archive');
  files = site.archive;
  archiveId = (await client.call('updates.shelve', files)).id;
  await client.call('overview.read', {});
  const nodes = await client.call('overview.nodes', {});
  pairId = nodes.find((node) => node.kind === 'pair')?.id ?? '';
});
afterAll(async () => {
  await engine.end();
  await removeDataFolder(folder);
});
beforeEach(async () => {
  before = await practiceState(folder);
});
// Whatever went wrong: the counterparts are as they were.
afterEach(async () => {
  expect(await practiceState(folder)).toEqual(before);
  expect(await sshOf(engine.client, appliance, 'ls /var/tmp')).not.toContain('lb_update');
});

const fault = (unitName: string, wanted: PracticeFault) =>
  engine.client.call('practice.fault', { unitName, fault: wanted });

/** Connections that stand are cut, so that the next one meets the fault. */
async function faultAnew(unitName: string, wanted: PracticeFault): Promise<void> {
  await fault(unitName, { kind: 'refuse' });
  await fault(unitName, { kind: 'clear' });
  await fault(unitName, wanted);
}

const rollout = () => engine.client.call('updates.plan', { archiveId, pairId });
const fix = () =>
  engine.client.call('directRouting.plan', { windowsIds: [windowsId], options: { revertMinutes: 240 } });

async function failureOf(work: Promise<unknown>): Promise<ErrorShape> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof EvenkeelError)) throw error;
    told.push(error.toShape());
    return error.toShape();
  }
  throw new Error('it did not fail');
}

async function failedJob(jobId: string): Promise<JobDetail['job'] & { readonly error: ErrorShape }> {
  const { job } = await endOf(engine.client, jobId);
  if (job.error === null) throw new Error(`the job ended ${job.state} without an error`);
  told.push(job.error);
  return { ...job, error: job.error };
}

/** Every error says which unit, at which step, and what was left as it was. */
function expectNamed(error: ErrorShape, code: ErrorCode, unit: string): void {
  expect(error).toMatchObject({ code, details: { unit } });
  expect(error.details.step).toMatch(/\w/);
  expect(error.details.unchanged).toMatch(/\w/);
}

const stepOf = (plan: Plan, kind: string): string => plan.steps.find((step) => step.kind === kind)?.id ?? '';
const begun = (stepId: string) => (item: JobItem) =>
  item.item === 'entry' && item.entry.stepId === stepId && item.entry.state === 'running';
const noted = (stepId: string, text: string) => (item: JobItem) =>
  item.item === 'entry' && item.entry.stepId === stepId && item.entry.notes.some((note) => note.text.includes(text));

describe('before a step', () => {
  const cases = [
    ['wrong password', 'wrong-credentials', 'login_refused', 'login_refused'],
    ['changed host key', 'changed-host-key', 'host_key_changed', 'certificate_changed'],
    ['refused connection', 'refuse', 'connect_refused', 'connect_refused'],
  ] as const;

  it.each(cases)(
    '%s of an appliance: at the plan, and at the start of a job drawn up before',
    async (_, kind, code) => {
      const plan = await rollout();
      await faultAnew(appliance, { kind });
      expectNamed(await failureOf(rollout()), code, appliance);
      const job = await failedJob(await startJob(engine.client, plan));
      expectNamed(job.error, code, appliance);
      expect(job).toMatchObject({ state: 'failed', stepsDone: 0 });
      await fault(appliance, { kind: 'clear' });
      if (kind === 'changed-host-key') await repin();
      await rollout();
    },
  );

  it.each(cases)('%s of a Windows server: at the plan, and at the start of a job', async (_, kind, __, code) => {
    const plan = await fix();
    await faultAnew(server, { kind });
    expectNamed(await failureOf(fix()), code, server);
    const job = await failedJob(await startJob(engine.client, plan));
    expectNamed(job.error, code, server);
    expect(job).toMatchObject({ state: 'failed', stepsDone: 0 });
    await fault(server, { kind: 'clear' });
    if (kind === 'changed-host-key') await repin();
    await fix();
  });

  /** A person compared the new identities and confirms them. */
  async function repin(): Promise<void> {
    const { appliances, windows } = await engine.client.call('practice.endpoints', {});
    const ssh = appliances.find(({ name }) => name === appliance)?.ssh;
    const https = windows.find(({ name }) => name === server)?.https;
    const pin = { sshHostKey: ssh?.hostKeySha256 ?? null, certificate: null };
    await engine.client.call('inventory.repin', { unitId: `practice:${appliance}`, ...pin });
    const certificate = https?.certificateSha256 ?? null;
    await engine.client.call('inventory.repin', { unitId: windowsId, sshHostKey: null, certificate });
  }

  it('an archive that is damaged is refused at the shelf, by its name', async () => {
    const archive = join(dirname(files.archive), 'lb_update.8.13.3-1.lb.tar.gz');
    await writeFile(archive, (await readFile(files.archive)).subarray(0, 5_000_000));
    const error = await failureOf(engine.client.call('updates.shelve', { archive, checksum: null }));
    expect(error).toMatchObject({ code: 'archive_damaged', details: { archive: basename(archive) } });
    expect(error.details.step).toMatch(/\w/);
    expect((await engine.client.call('updates.list', {})).filter((item) => item.kind === 'archive')).toHaveLength(1);
  });

  it('an archive whose checksum is another is never installed', async () => {
    const archive = join(dirname(files.archive), 'lb_update.8.13.2-2.lb.tar.gz');
    const checksum = `${archive}.md5`;
    await writeFile(archive, await readFile(files.archive));
    await writeFile(checksum, `${'0'.repeat(32)}\n`);
    const item = await engine.client.call('updates.shelve', { archive, checksum });
    expect(item.verdict).toBe('damaged');
    const error = await failureOf(engine.client.call('updates.plan', { archiveId: item.id, pairId }));
    expect(error).toMatchObject({ code: 'checksum_mismatch', details: { archive: basename(archive) } });
    expect(error.details.step).toMatch(/\w/);
    expect(error.details.unchanged).toMatch(/\w/);
    await engine.client.call('updates.remove', { archiveId: item.id });
  });

  it('a full disk of the unit is found before anything is sent', async () => {
    await fault(appliance, { kind: 'disk-full' });
    const job = await failedJob(await startJob(engine.client, await rollout()));
    expectNamed(job.error, 'remote_disk_full', appliance);
    expect(job.state).toBe('failed');
    await fault(appliance, { kind: 'clear' });
  });
});

describe('in the middle of the upload', () => {
  const decided = async (jobId: string): Promise<JobDetail['job']> => {
    await engine.client.call('jobs.decide', { jobId, choice: 'undo' });
    return (await endOf(engine.client, jobId)).job;
  };

  it('a link that is cut again and again, without a byte between: asks, and the undo leaves nothing', async () => {
    await fault(appliance, { kind: 'cut', afterBytes: 1_000_000 });
    const jobId = await startJob(engine.client, await rollout());
    const job = await failedJob(jobId);
    expectNamed(job.error, 'link_cut', appliance);
    expect(job).toMatchObject({ state: 'waiting', choices: ['resume', 'undo', 'stop'] });
    await fault(appliance, { kind: 'clear' });
    expect((await decided(jobId)).state).toBe('undone');
  });

  it('a disk that fills up: asks, and the undo leaves nothing', async () => {
    await fault(appliance, { kind: 'cut', afterBytes: 20_000_000 });
    const plan = await rollout();
    const jobId = await startJob(engine.client, plan);
    await momentOf(engine.client, jobId, noted(stepOf(plan, 'updates.upload'), 'Link lost'));
    await fault(appliance, { kind: 'clear' });
    await fault(appliance, { kind: 'disk-full' });
    const job = await failedJob(jobId);
    expectNamed(job.error, 'remote_disk_full', appliance);
    expect(job.state).toBe('waiting');
    await fault(appliance, { kind: 'clear' });
    expect((await decided(jobId)).state).toBe('undone');
  });

  it('what arrives differs: the digest on the unit tells, and nothing is installed', async () => {
    await fault(appliance, { kind: 'damaged-upload' });
    const jobId = await startJob(engine.client, await rollout());
    const job = await failedJob(jobId);
    expectNamed(job.error, 'upload_damaged', appliance);
    expect(job.state).toBe('waiting');
    await fault(appliance, { kind: 'clear' });
    expect((await decided(jobId)).state).toBe('undone');
  });
});

describe('in the middle of a script on a Windows server', () => {
  it('a link that is cut: the undo waits for the server, and then restores it', async () => {
    const plan = await fix();
    const jobId = await startJob(engine.client, plan);
    await momentOf(engine.client, jobId, begun(stepOf(plan, 'directRouting.install')));
    // Enough for a new connection to be made, too little for a script.
    await fault(server, { kind: 'cut', afterBytes: 5_000 });
    const job = await failedJob(jobId);
    expectNamed(job.error, 'link_cut', server);
    expect(job).toMatchObject({ state: 'waiting', choices: ['undo', 'stop'] });
    await fault(server, { kind: 'clear' });
    await engine.client.call('jobs.decide', { jobId, choice: 'undo' });
    expect((await endOf(engine.client, jobId)).job.state).toBe('undone');
  });
});

describe('a failing health check', () => {
  it('leaves the last healthy server of a service alone', async () => {
    const active = 'lb-practice-1';
    for (const number of [1, 3, 4]) {
      await fault(active, { kind: 'failing-check', service: 'ICA_WEB', realServer: `ICA_WEB${number}` });
    }
    const error = await failureOf(fix());
    expectNamed(error, 'last_healthy_server', server);
    expect(error.details['service']).toBe('ICA_WEB');
    await fault(active, { kind: 'clear' });
  });
});

describe('secrets', () => {
  it('stand in no error, log, record, and in no file of the data folder but those of the practice units', async () => {
    const { appliances, windows } = await engine.client.call('practice.endpoints', {});
    const secrets = [
      ...appliances.flatMap(({ ssh, webui, api }) => [ssh.password, webui.password, api.password, api.key]),
      ...windows.map(({ password }) => password),
    ];
    expect(new Set(secrets).size).toBeGreaterThan(8);
    expect(await filesHolding(folder, secrets, ['practice'])).toEqual([]);
    for (const error of told) for (const secret of secrets) expect(JSON.stringify(error)).not.toContain(secret);
    expect(told.length).toBeGreaterThan(12);
    // And the search does find what is there.
    expect(await filesHolding(folder, ['evenkeel'], [])).not.toEqual([]);
  });
});
