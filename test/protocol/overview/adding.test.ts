import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PracticeSite } from '#engine/practice-site/index';
import type { PracticeAppliance } from '#engine/practice-site/index';
import type { CallArguments } from '#shared/contract/index';
import { context, MemorySecrets, named, openSite, operator, type Site } from './site';

type AddAppliance = CallArguments<'inventory.addAppliance'>;

let folder: string;
let peers: PracticeSite;
let site: Site;
const secrets = new MemorySecrets();
const stop = new AbortController();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evenkeel-adding-'));
  // Units of a practice site that this engine did not open are to it like any others.
  const options = { scenario: 'guide', seed: 3, speed: 10, archiveBytes: 100_000, signal: stop.signal } as const;
  peers = await PracticeSite.open({ ...options, folder: join(folder, 'peers') });
  site = await openSite(join(folder, 'data'), secrets);
});
afterAll(async () => {
  await site.close();
  await peers.close();
  await rm(folder, { recursive: true, force: true });
});

function unit(index: number): PracticeAppliance {
  const found = peers.units().appliances[index];
  if (!found) throw new Error('no such practice unit');
  return found;
}

function request(from: PracticeAppliance, part: Partial<AddAppliance['target']> = {}): AddAppliance {
  return {
    ...{ name: from.name, site: 'Main hospital', tags: ['test'], pollSeconds: 10 },
    target: {
      ...{ host: from.host, sshPort: from.sshPort, webuiPort: from.webuiPort, snmpPort: null, giveUpSeconds: 8 },
      ...{ ssh: { kind: 'password', ...from.ssh }, webui: from.webui, api: null },
      pins: { sshHostKey: from.sshHostKeySha256, certificate: from.certificateSha256 },
      ...part,
    },
  };
}

const add = (input: AddAppliance) => named(site.inventory.handlers.calls, 'inventory.addAppliance')(input, context);
const names = (): string[] => site.inventory.inventory.items().map((item) => item.name);

describe('adding appliances', () => {
  it('is refused without a confirmed fingerprint, and nothing is stored', async () => {
    const unpinned = { sshHostKey: null, certificate: unit(0).certificateSha256 };
    await expect(add(request(unit(0), { pins: unpinned }))).rejects.toMatchObject({ code: 'host_key_unknown' });
    const half = { sshHostKey: unit(0).sshHostKeySha256, certificate: null };
    await expect(add(request(unit(0), { pins: half }))).rejects.toMatchObject({ code: 'certificate_unknown' });
    expect([names(), secrets.kept.size]).toEqual([[], 0]);
  });

  it('is refused with a wrong password or another host key, each by its own code', async () => {
    const ssh = { kind: 'password', username: 'root', password: 'wrong' } as const;
    await expect(add(request(unit(0), { ssh }))).rejects.toMatchObject({ code: 'login_refused' });
    const pins = { sshHostKey: unit(1).sshHostKeySha256, certificate: unit(0).certificateSha256 };
    await expect(add(request(unit(0), { pins }))).rejects.toMatchObject({ code: 'host_key_changed' });
    expect([names(), secrets.kept.size]).toEqual([[], 0]);
  });

  it('finds the pair from what the units say of each other', async () => {
    const first = await add(request(unit(0)));
    expect(first).toMatchObject({
      name: 'lb-practice-1',
      role: 'primary',
      pairName: 'lb-practice',
      supported: true,
      practice: false,
    });
    const second = await add(request(unit(1)));
    expect(second).toMatchObject({ role: 'secondary', pairId: first.pairId, pairName: 'lb-practice' });
    await site.overview.overview.readNow([], context.signal);
    const pair = site.overview.overview.board.nodes.get(first.pairId);
    expect(pair).toMatchObject({ kind: 'pair', state: 'healthy', word: 'in sync' });
  });

  it('refuses the same unit twice, and the practice site beside real units', async () => {
    await expect(add(request(unit(0)))).rejects.toMatchObject({ code: 'conflict' });
    const open = { scenario: 'guide', seed: 1, speed: 1 } as const;
    await expect(site.practice.practice.open(open, operator)).rejects.toMatchObject({ code: 'practice_mixed' });
  });
});

describe('Windows servers', () => {
  const input = (): CallArguments<'inventory.addWindows'> => {
    const server = peers.units().windows[0];
    if (!server) throw new Error('no practice server');
    const { host, port, transport, login, certificateSha256 } = server;
    return {
      ...{ name: server.name, site: 'Main hospital', tags: [], addresses: [...server.addresses] },
      target: { host, port, transport, login, pins: { certificate: certificateSha256 } },
    };
  };

  it('are linked to the services that use one of their addresses', async () => {
    const item = await named(site.inventory.handlers.calls, 'inventory.addWindows')(input(), context);
    expect(item.osName).toMatch(/Windows Server/);
    await expect
      .poll(() => {
        const now = site.inventory.inventory.item(item.id);
        return now?.kind === 'windows' ? now.services.map((link) => link.serviceName) : null;
      })
      .toContain('ICA_WEB');
  });

  it('complete a row of an import that waited for its login', async () => {
    const csv =
      'kind,name,site,host,port,transport\nwindows,LATER,Main hospital,10.0.0.1,5986,https\nwindows,NOT,S,10.0.0.2,,\n';
    const calls = site.inventory.handlers.calls;
    expect(await named(calls, 'inventory.import')({ csv, lines: [2] }, context)).toEqual({ added: 1 });
    const waiting = site.inventory.inventory.items().find((item) => item.name === 'LATER');
    expect(waiting?.error?.code).toBe('secret_missing');
    await named(calls, 'inventory.remove')({ unitId: waiting?.id ?? '' }, context);
    expect(names()).not.toContain('LATER');
  });
});

it('keeps no secret outside the keystore, and removing a unit removes its secrets', async () => {
  const stored: string[] = [];
  for (const name of ['evenkeel.db', 'evenkeel.db-wal']) {
    stored.push((await readFile(join(folder, 'data', name)).catch(() => Buffer.alloc(0))).toString('latin1'));
  }
  for (const password of [unit(0).ssh.password, unit(0).webui.password, unit(1).ssh.password]) {
    expect(stored.join('')).not.toContain(password);
  }
  expect(secrets.kept.size).toBe(3);
  for (const { id } of site.inventory.inventory.items()) {
    await named(site.inventory.handlers.calls, 'inventory.remove')({ unitId: id }, context);
  }
  expect([names(), secrets.kept.size, site.overview.overview.board.nodes.size]).toEqual([[], 0, 0]);
  expect(site.unexpected).toEqual([]);
});

it('probes a unit line by line and sends nothing secret before its identity is confirmed', async () => {
  const { target } = request(unit(0), { pins: { sshHostKey: null, certificate: null } });
  const ending = new AbortController();
  const streams = site.inventory.handlers.streams;
  const source = await named(streams, 'inventory.probeAppliance')(target, { ...context, signal: ending.signal });
  const lines = () => [...source.snapshot().values()];
  await expect
    .poll(
      () =>
        lines()
          .filter((line) => line.state === 'ask')
          .map((line) => line.fingerprint?.sha256),
      { timeout: 10_000 },
    )
    .toEqual(expect.arrayContaining([unit(0).sshHostKeySha256, unit(0).certificateSha256]));
  const logins = lines().filter((line) => /login/i.test(line.label));
  expect(logins.every((line) => line.state === 'waiting')).toBe(true);
  source.dispose?.();
});
