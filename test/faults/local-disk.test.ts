import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EvenkeelError } from '#shared/errors';
import { canMount, engineOnSmallDisk, newDataFolder, removeDataFolder, type WholeEngine } from './whole-engine';

const reason = canMount() ? '' : ' (skipped: this account may not mount a small disk)';
let folder: string;
let engine: WholeEngine | null = null;

beforeEach(async () => {
  folder = await newDataFolder();
});
afterEach(async () => {
  await engine?.end();
  await removeDataFolder(folder);
});

describe.skipIf(reason !== '')(`a full disk of this computer${reason}`, () => {
  it('is told before an archive is copied; the shelf stays as it was and everything else goes on', async () => {
    // The practice site's own archive takes 24 of them.
    engine = await engineOnSmallDisk(folder, 40);
    const { client } = engine;
    const site = await client.call('practice.open', { scenario: 'guide', speed: 100 });
    if (site.archive === null) throw new Error('no archive');
    const error: unknown = await client.call('updates.shelve', site.archive).catch((thrown: unknown) => thrown);
    if (!(error instanceof EvenkeelError)) throw new Error(`it did not fail: ${String(error)}`);
    expect(error.code).toBe('local_disk_full');
    expect(error.details.step).toMatch(/\w/);
    expect(error.details.unchanged).toMatch(/\w/);
    expect(error.details.advice).toMatch(/\w/);
    expect((await client.call('updates.list', {})).filter((item) => item.kind !== 'unit')).toEqual([]);
    expect((await client.call('overview.read', {})).failed).toEqual([]);
    expect(await client.call('audit.verify', {})).toMatchObject({ intact: true });
  });
});
