import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Clients } from '#engine/direct-routing/clients';
import { matrixOf } from '#engine/direct-routing/matrix';
import type { DrEstate, DrPair } from '#engine/direct-routing/index';
import { States } from '#engine/direct-routing/states';
import { Wires } from '#engine/direct-routing/wires';
import { changeWindows, inService } from '#engine/practice-site/world/index';
import type { WindowsServer } from '#engine/windows/index';
import type { DrCell, DrClient } from '#shared/contract/direct-routing';
import { PracticeSite } from '#engine/practice-site/index';

/** What a client sees on the practice site, and what becomes of the cells. */

const { signal } = new AbortController();
let site: PracticeSite;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evenkeel-clients-'));
  // In real time a client persists for five minutes: every connection of a test goes to the first server.
  site = await PracticeSite.open({ scenario: 'two-sites', seed: 1, speed: 1, folder, signal, archiveBytes: 300_000 });
});
afterAll(async () => {
  await site.close();
  await rm(folder, { recursive: true, force: true });
});

const question = { serviceNames: ['ICA_WEB', 'ICA_DICOM'], called: 'ANY-SCP', calling: 'EVENKEEL' };

/** The practice site's truth as the inventory and the overview would know it. */
function board() {
  const { world } = site;
  const clock = { ahead: 0 };
  const now = (): number => Date.now() + clock.ahead;
  const pairs = (): DrPair[] =>
    world.state.pairs.map((pair) => {
      const unit = world.state.appliances.find((item) => item.pair === pair.name && item.ha === 'active');
      if (unit === undefined) throw new Error('no active unit');
      return {
        ...{ id: pair.name, name: pair.name, siteName: pair.site, fresh: true, readAt: now(), practice: true },
        activeUnit: { id: unit.name, name: unit.name },
        passiveUnit: null,
        services: pair.services.map((service) => ({
          ...{ name: service.label, layer: service.layer, address: service.address, ports: service.ports },
          ...{
            protocol: service.protocol,
            method: service.forwarding,
            scheduler: null,
            check: null,
            onFallback: false,
          },
          realServers: service.realServers.map((real) => ({
            ...{ name: real.label, address: real.address, port: null, weight: real.weight, checkText: null },
            ...{ activeConnections: 0, inactiveConnections: 0, connectionsPerSecond: 0 },
            status: inService(world.state, unit, service, real),
          })),
        })),
      };
    });
  const estate: DrEstate = {
    pairs,
    servers: () =>
      world.state.windows.map(({ name, address }) => ({ id: name, name, addresses: [address], practice: true })),
    onChange: () => () => undefined,
    refresh: () => Promise.resolve(),
  };
  const windows = (id: string) =>
    Promise.resolve({
      readState: () => Promise.resolve({ ...world.windowsHost(id).network, readAt: now() }),
    } as Partial<WindowsServer> as WindowsServer);
  const states = new States({ windows, changed: () => undefined, now });
  const appliance = () => Promise.reject(new Error('not asked'));
  const wires = new Wires({ appliance, now, estate }, states, () => undefined);
  const dial = () => (address: string, port: number) => site.dial(address, port);
  const clients = new Clients({ now, estate, dial }, states, () => undefined);
  const cell = (
    server: string,
    service: string,
  ): Pick<DrCell, 'client' | 'server' | 'serverWord'> & { codes: string[] } => {
    const found = matrixOf({ estate, states, wires, clients, jobOf: () => null }).get(
      `cell:lb-main/${server}|lb-main/${service}`,
    );
    if (found?.kind !== 'cell') throw new Error(`no cell of ${server} in ${service}`);
    const { client, server: verdict, serverWord, reasons } = found;
    return {
      client,
      server: verdict,
      serverWord,
      codes: reasons.map((item) => item.code).filter((code) => code.startsWith('client-')),
    };
  };
  const read = () => Promise.all(estate.servers().map((server) => states.read(server.id, signal)));
  const prove = () => clients.prove('lb-main', question, signal);
  return { world, clock, read, prove, cell, clients };
}

const told = (items: readonly DrClient[], via: DrClient['via']) =>
  items
    .filter((item) => item.via === via)
    .map(({ serviceName, port, word, rowId }) => [serviceName, port, word, rowId]);

it('every port of every service, by the VIP and at each server', async () => {
  const { prove, clients } = board();
  const items = await prove();
  expect(told(items, 'vip')).toEqual([
    ['ICA_WEB', 80, '200', null],
    ['ICA_WEB', 443, '200', null],
    ['ICA_DICOM', 4444, 'C-ECHO ok', null],
  ]);
  expect(told(items, 'server')).toHaveLength(9);
  expect([...clients.all().keys()]).toContain('client:lb-main|ICA_WEB|443|vip|vip');
  expect([...clients.all().keys()]).toContain('client:lb-main|ICA_DICOM|4444|server|lb-main/ICA-APP02');
  const [vip] = items.filter((item) => item.via === 'vip' && item.port === 443);
  expect(vip?.certificate?.subject).toBe('CN=ICA-APP01');
  expect(vip?.detail).toMatch(/^6 connections, .* which servers answered is not known/);
});

it('all served: what is proved is ok; a server without the fix gains nothing by what others served', async () => {
  const { read, prove, cell } = board();
  await read();
  await prove();
  expect(cell('ICA-APP01', 'ICA_WEB')).toEqual({ client: 'ok', server: 'proved', serverWord: 'proved', codes: [] });
  expect(cell('ICA-APP02', 'ICA_WEB')).toMatchObject({ client: 'unknown', server: 'fix-missing' });
});

it('a client that is not served takes the proof from every server that may have been chosen', async () => {
  const { world, read, prove, cell } = board();
  const before = world.state;
  const { network } = world.windowsHost('ICA-APP01');
  const adapters = network.adapters.filter((item) => item.hardwareId !== '*MSLOOP');
  await read();
  try {
    // Windows loses the address behind the back of what was read of it.
    world.apply((state) => changeWindows(state, 'ICA-APP01', { network: { ...network, adapters } }));
    expect(told(await prove(), 'vip')).toContainEqual(['ICA_WEB', 443, 'timed out', null]);
    const failed = { client: 'failed', server: 'unknown', serverWord: 'client timed out' };
    expect(cell('ICA-APP01', 'ICA_WEB')).toEqual({ ...failed, codes: ['client-vip', 'client-vip'] });
    expect(cell('ICA-APP03', 'ICA_WEB')).toMatchObject(failed);
    expect(cell('ICA-APP02', 'ICA_WEB')).toMatchObject({ client: 'failed', server: 'fix-missing' });
    // Read again, the cause is known; what clients saw before that is held against nobody any more.
    await read();
    expect(cell('ICA-APP01', 'ICA_WEB')).toMatchObject({ client: 'unknown', server: 'fix-missing', codes: [] });
    expect(cell('ICA-APP03', 'ICA_WEB')).toMatchObject({ client: 'unknown', server: 'proved', codes: [] });
  } finally {
    world.apply(() => before);
  }
});

it('what was seen holds for a quarter of an hour', async () => {
  const { read, prove, cell, clock } = board();
  await read();
  await prove();
  clock.ahead = 901_000;
  await read();
  expect(cell('ICA-APP01', 'ICA_WEB')).toMatchObject({ client: 'unknown', server: 'proved' });
});

it('an unknown service is refused by name', async () => {
  const { clients } = board();
  await expect(clients.prove('lb-main', { ...question, serviceNames: ['HL7_IN'] }, signal)).rejects.toMatchObject({
    code: 'not_found',
  });
  await expect(clients.prove('elsewhere', question, signal)).rejects.toMatchObject({ code: 'not_found' });
});
