import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PracticeSite } from '#engine/practice-site/index';
import type { EvenkeelClient } from '#shared/contract/client';
import type { JobItem } from '#shared/contract/jobs';
import {
  endOf,
  engineHere,
  engineToKill,
  momentOf,
  newDataFolder,
  notesOf,
  removeDataFolder,
  startJob,
  type WholeEngine,
} from './whole-engine';

// Units that this engine did not open, as real ones are: they live on while it is dead.
const first = 'lb-practice-2';
const stop = new AbortController();
let folder: string;
let site: PracticeSite;
let engine: WholeEngine;

beforeEach(async () => {
  folder = await newDataFolder();
  const options = { scenario: 'guide', seed: 1, speed: 20, archiveBytes: 24_000_000, signal: stop.signal } as const;
  site = await PracticeSite.open({ ...options, folder: join(folder, 'units') });
  engine = await engineToKill(join(folder, 'data'));
});
afterEach(async () => {
  await engine.end();
  await site.close();
  await removeDataFolder(folder);
});

async function addPair(client: EvenkeelClient): Promise<string> {
  const ids: string[] = [];
  for (const unit of site.units().appliances) {
    const { name, host, sshPort, webuiPort, webui } = unit;
    const ssh = { kind: 'password', ...unit.ssh } as const;
    const pins = { sshHostKey: unit.sshHostKeySha256, certificate: unit.certificateSha256 };
    const target = { host, sshPort, webuiPort, snmpPort: null, ssh, webui, api: null, pins };
    ids.push((await client.call('inventory.addAppliance', { name, site: 'Main', target })).pairId);
  }
  expect(new Set(ids).size).toBe(1);
  return ids[0] ?? '';
}

const stepRuns = (stepId: string, done: number) => (item: JobItem) =>
  item.item === 'entry' &&
  item.entry.stepId === stepId &&
  item.entry.state === 'running' &&
  (item.entry.progress?.done ?? 0) >= done;

describe('kill -9 of the engine, and the units live on', () => {
  it('in the middle of the install: the unit installs to its end, and the next start sends nothing a second time', async () => {
    const { client } = engine;
    const pairId = await addPair(client);
    const { id: archiveId } = await client.call('updates.shelve', site.archive);
    await client.call('overview.read', {});
    const plan = await client.call('updates.plan', { archiveId, pairId });
    const install = plan.steps.find(({ kind, unitName }) => kind === 'updates.install' && unitName === first);
    const jobId = await startJob(client, plan);
    await momentOf(client, jobId, stepRuns(install?.id ?? '', 1));
    const unit = () => site.world.appliance(first);
    await expect.poll(() => unit().installing?.percent ?? 0, { timeout: 30_000, interval: 10 }).toBeGreaterThan(0);
    await engine.end();
    // The unit must not be left while an update is ongoing; it does not need this program to go on.
    expect(unit().installing).not.toBeNull();
    expect(unit().version).toBe('8.13.1');

    engine = await engineHere(join(folder, 'data'));
    const job = await endOf(engine.client, jobId);
    expect({ state: job.job.state, verdict: job.job.verdict, error: job.job.error }).toEqual({
      ...{ state: 'succeeded', verdict: 'proved', error: null },
    });
    const notes = notesOf(job, install?.id ?? '');
    expect(notes).toMatch(
      /An update is running on the unit\. Waiting for its end\.|Its effect stands: the step is done\./,
    );
    expect(site.world.state.appliances.map(({ version }) => version)).toEqual(['8.13.2', '8.13.2']);
  }, 120_000);
});
