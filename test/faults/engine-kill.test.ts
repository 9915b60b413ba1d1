import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EvenkeelClient } from '#shared/contract/client';
import type { JobDetail, JobItem } from '#shared/contract/jobs';
import type { Plan } from '#shared/contract/plans';
import {
  endOf,
  engineHere,
  engineToKill,
  momentOf,
  newDataFolder,
  notesOf,
  practiceTruth,
  removeDataFolder,
  sshOf,
  startJob,
  type WholeEngine,
} from './whole-engine';

// Two engines one after the other, each with a practice site, and a whole rollout: slow on a busy computer.
vi.setConfig({ testTimeout: 180_000 });

// In the guide's pair the first unit is active, so the second is updated first.
const [first, second] = ['lb-practice-2', 'lb-practice-1'];
let folder: string;
let engine: WholeEngine;

beforeEach(async () => {
  folder = await newDataFolder();
  engine = await engineToKill(folder);
});
afterEach(async () => {
  await engine.end();
  await removeDataFolder(folder);
});

/** `kill -9`, then another engine on the same data. */
async function killAndStartAgain(): Promise<EvenkeelClient> {
  await engine.end();
  engine = await engineHere(folder);
  return engine.client;
}

async function rolloutPlan(speed: number): Promise<Plan> {
  const { client } = engine;
  const site = await client.call('practice.open', { scenario: 'guide', speed });
  if (site.archive === null) throw new Error('no archive');
  const archive = await client.call('updates.shelve', site.archive);
  await client.call('overview.read', {});
  const pair = (await client.call('overview.nodes', {})).find((node) => node.kind === 'pair');
  return client.call('updates.plan', { archiveId: archive.id, pairId: pair?.id ?? '' });
}

const stepOf = (plan: Plan, kind: string, unitName?: string): string => {
  const found = plan.steps.find((step) => step.kind === kind && (unitName ?? step.unitName) === step.unitName);
  if (found === undefined) throw new Error(`no step ${kind}`);
  return found.id;
};
const running = (stepId: string, done: number) => (item: JobItem) =>
  item.item === 'entry' &&
  item.entry.stepId === stepId &&
  item.entry.state === 'running' &&
  (item.entry.progress?.done ?? 0) >= done;
const noted = (stepId: string, text: string) => (item: JobItem) =>
  item.item === 'entry' && item.entry.stepId === stepId && item.entry.notes.some((note) => note.text.includes(text));

/** Both units, asked over SSH by another client than the product's. */
async function bothUpdated(client: EvenkeelClient): Promise<void> {
  for (const unit of [first, second]) {
    expect(await sshOf(client, unit, 'cat /etc/loadbalancer.org/version.txt')).toContain('8.13.2');
    expect(await sshOf(client, unit, 'ls /var/tmp')).not.toContain('lb_update');
  }
}

const outcome = ({ job, proof }: JobDetail) => ({
  state: job.state,
  verdict: job.verdict,
  error: job.error,
  notHeld: proof.filter((line) => line.held !== true),
});
const proved = { state: 'succeeded', verdict: 'proved', error: null, notHeld: [] };

describe('kill -9 of the engine in the middle of the upload', () => {
  it('while bytes flow: the next start sends the archive and ends the rollout', async () => {
    const plan = await rolloutPlan(100);
    const upload = stepOf(plan, 'updates.upload', first);
    const jobId = await startJob(engine.client, plan);
    await momentOf(engine.client, jobId, running(upload, 1));
    const client = await killAndStartAgain();
    expect((await client.call('practice.status', {})).open).toBe(true);
    const job = await endOf(client, jobId);
    expect(outcome(job)).toEqual(proved);
    expect(notesOf(job, upload)).toContain('The engine stopped in the middle of this step');
    await bothUpdated(client);
  });

  it('with most of it on the unit: the next start goes on where the link broke, and sends the rest alone', async () => {
    const plan = await rolloutPlan(100);
    const upload = stepOf(plan, 'updates.upload', first);
    await engine.client.call('practice.fault', { unitName: first, fault: { kind: 'cut', afterBytes: 22_000_000 } });
    const jobId = await startJob(engine.client, plan);
    await momentOf(engine.client, jobId, noted(upload, 'Link lost'));
    const client = await killAndStartAgain();
    const job = await endOf(client, jobId);
    expect(outcome(job)).toEqual(proved);
    expect(notesOf(job, upload)).toMatch(/Resumed at \d+\.\d+ MiB, same SHA-256/);
    await bothUpdated(client);
  });
});

describe('kill -9 of the engine in the middle of the install', () => {
  it.each([
    ['as the form carries the archive', 100, running],
    ['as the unit installs', 20, null],
  ] as const)('%s: the next start looks at the unit, installs and proves it', async (_, speed, sending) => {
    const plan = await rolloutPlan(speed);
    const install = stepOf(plan, 'updates.install', first);
    const jobId = await startJob(engine.client, plan);
    await momentOf(engine.client, jobId, running(install, 1));
    if (sending === null) {
      await expect.poll(() => installing(), { timeout: 20_000, interval: 10 }).toBeGreaterThanOrEqual(10);
    }
    const client = await killAndStartAgain();
    // The unit lost its power with the engine: it comes back with what it had.
    const job = await endOf(client, jobId);
    expect(outcome(job)).toEqual(proved);
    expect(notesOf(job, install)).toContain('the step runs again, which is safe');
    expect(notesOf(job, install)).toContain('8.13.1 to 8.13.2');
    await bothUpdated(client);
  });

  /** How far the installation on the first unit is, in percent; 0 while there is none. */
  async function installing(): Promise<number> {
    const { appliances } = (await practiceTruth(folder)).state;
    return appliances.find((unit) => unit.name === first)?.installing?.percent ?? 0;
  }
});

describe('kill -9 of the engine in the middle of the Direct Routing fix', () => {
  const server = 'ICA-APP02';
  const windowsId = `practice:${server}`;
  const network = async () => {
    const { windows } = (await practiceTruth(folder)).state;
    const adapters = windows.find(({ name }) => name === server)?.network.adapters ?? [];
    return { adapters, loopbacks: adapters.filter((adapter) => adapter.hardwareId === '*MSLOOP') };
  };
  const rowNow = async (client: EvenkeelClient) => {
    await client.call('overview.read', {});
    await client.call('directRouting.read', {});
    const matrix = await client.call('directRouting.matrix', {});
    return matrix.find((item) => item.kind === 'row' && item.windowsId === windowsId);
  };

  // A practice minute is 1.2 s here, and a new engine may take some of those to come up.
  const options = { revertMinutes: 240 };

  it.each(['drain', 'install', 'address', 'confirm', 'online'])(
    'in step %s: the next start finishes the fix, the server serves again, and the undo goes back to before the kill',
    async (kind) => {
      await engine.client.call('practice.open', { scenario: 'guide', speed: 50 });
      const before = await network();
      expect(await rowNow(engine.client)).toMatchObject({ needsFix: true });
      const plan = await engine.client.call('directRouting.plan', { windowsIds: [windowsId], options });
      const jobId = await startJob(engine.client, plan);
      await momentOf(engine.client, jobId, running(stepOf(plan, `directRouting.${kind}`), 0));
      const client = await killAndStartAgain();
      const job = await endOf(client, jobId);
      expect(outcome(job)).toEqual(proved);
      expect((await network()).loopbacks).toHaveLength(1);
      expect(await rowNow(client)).toMatchObject({ needsFix: false, wire: 'silent' });
      // The active unit, asked by another client: connections go to the server again, beside the one that was right.
      const ipvs = await sshOf(client, second, 'ipvsadm -Ln');
      expect(ipvs).toMatch(/FWM\s+1 [^]*?192\.168\.100\.111:\d+ +Route +100/);

      const undo = await endOf(
        client,
        await startJob(client, await client.call('directRouting.planUndo', { windowsId, options })),
      );
      expect(outcome(undo)).toEqual(proved);
      expect((await network()).adapters).toEqual(before.adapters);
    },
  );
});
