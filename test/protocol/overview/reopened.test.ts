import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { context, MemorySecrets, openSite, operator, serverNamed } from './site';

it('opens the practice site again as it was after the engine stopped, and stores no practice login', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'evenkeel-again-'));
  const secrets = new MemorySecrets();
  try {
    const first = await openSite(folder, secrets);
    await first.practice.practice.open({ scenario: 'guide', seed: 7, speed: 50 }, operator);
    await first.overview.overview.readNow([], context.signal);
    const server = serverNamed(first, 'ICA_WEB1');
    const unitId = first.overview.overview.activeUnitOf(server.pairId) ?? '';
    const appliance = await first.inventory.inventory.units.appliance(unitId);
    await appliance.drain({ vip: 'ICA_WEB', rip: 'ICA_WEB1' }, context.signal);
    const ports = first.practice.practice.endpoints().appliances.map((unit) => unit.ssh.port);
    const ids = first.inventory.inventory.items().map((item) => item.id);
    await first.close();
    expect(secrets.kept.size).toBe(0);

    const second = await openSite(folder, secrets);
    expect(second.practice.practice.status()).toMatchObject({ open: true, scenario: 'guide', speed: 50 });
    expect(second.inventory.inventory.items().map((item) => item.id)).toEqual(ids);
    expect(second.practice.practice.endpoints().appliances.map((unit) => unit.ssh.port)).not.toEqual(ports);
    expect((await second.overview.overview.readNow([], context.signal)).failed).toEqual([]);
    expect(serverNamed(second, 'ICA_WEB1')).toMatchObject({ state: 'drained' });
    expect(second.unexpected).toEqual([]);
    await second.close();
    const text = (await readFile(join(folder, 'evenkeel.db'))).toString('latin1');
    for (const unit of first.inventory.inventory.items()) expect(text).toContain(unit.name);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

it('takes practice units out when the site cannot be opened again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'evenkeel-gone-'));
  try {
    const first = await openSite(folder);
    await first.practice.practice.open({ scenario: 'guide', seed: 1, speed: 50 }, operator);
    expect(first.inventory.inventory.items()).not.toEqual([]);
    await first.close();
    await rm(join(folder, 'practice'), { recursive: true });
    const second = await openSite(folder);
    expect(second.inventory.inventory.items()).toEqual([]);
    expect(second.practice.practice.status().open).toBe(false);
    await second.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
