import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PracticeSite } from '#engine/practice-site/index';
import { createWindowsServer } from '#engine/windows/index';
import { needsPwsh, pwsh, standInModule } from './pwsh';

const signal = new AbortController().signal;

describe.skipIf(pwsh === null)(`practice site with a real PowerShell${needsPwsh}`, { timeout: 180_000 }, () => {
  let folder: string;
  let site: PracticeSite;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'evenkeel-pwsh-site-'));
    const real = { program: pwsh ?? '', module: standInModule };
    const given = { scenario: 'guide' as const, seed: 1, speed: 60, archiveBytes: 65_536 };
    site = await PracticeSite.open({ ...given, folder, signal, pwsh: real });
  });
  afterAll(async () => {
    await site.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('a server answers with what its own PowerShell read, and a change is part of the world', async () => {
    const [unit] = site.units().windows;
    if (unit === undefined) throw new Error('The site has no Windows server.');
    const { name, host, port, transport, login, certificateSha256: certificate } = unit;
    const server = createWindowsServer({ id: 'w1', name, host, port, transport, login, pins: { certificate } });
    try {
      const before = await server.readState(signal);
      expect(before.computerName).toBe(site.world.windowsHost(name).network.computerName);
      const [lan] = before.adapters;
      if (lan === undefined) throw new Error('The server has no adapter.');
      const adapter = { hardwareId: null, deviceId: lan.deviceId, index: lan.index };
      const register = !lan.registersInDns;
      await server.run([{ operation: 'dns', input: { adapter, register } }], { signal });
      const held = site.world.windowsHost(name).network.adapters.find((one) => one.deviceId === lan.deviceId);
      expect(held?.registersInDns).toBe(register);
    } finally {
      await server.close();
    }
  });
});
