import { describe, expect, it } from 'vitest';
import { matrixOf } from '#engine/direct-routing/matrix';
import { States } from '#engine/direct-routing/states';
import { askWire } from '#engine/direct-routing/steps-proof';
import { Clients } from '#engine/direct-routing/clients';
import { Wires } from '#engine/direct-routing/wires';
import type { DrEstate, DrPair } from '#engine/direct-routing/index';
import type { WindowsServer } from '#engine/windows/index';
import { differenceOf, targetOf, verdictOf } from '#shared/domain/direct-routing/index';
import type { VirtualServiceReading } from '#shared/domain/appliance/reading';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import { lanAdapter, rightServer } from './windows-fixtures';

const vip = '192.168.100.100';
const lb = '00:50:56:9c:1e:07';
const stranger = '00:50:56:aa:aa:aa';
const signal = new AbortController().signal;
const service: VirtualServiceReading = {
  ...{ name: 'ICA_WEB', layer: 4, address: vip, ports: '80', protocol: 'tcp', method: 'gate', scheduler: 'wlc' },
  ...{ check: null, onFallback: false },
  realServers: [
    {
      ...{ name: 'ICA_WEB2', address: '192.168.100.111', port: null, status: 'online', weight: 100, checkText: null },
      ...{ activeConnections: 1, inactiveConnections: 0, connectionsPerSecond: 0 },
    },
  ],
};
const pair: DrPair = {
  ...{
    id: 'main',
    name: 'lb-main',
    siteName: 'Main',
    services: [service],
    fresh: true,
    readAt: 1_000_000,
    practice: false,
  },
  activeUnit: { id: 'lb-1', name: 'lb-main-1' },
  passiveUnit: { id: 'lb-2', name: 'lb-main-2' },
};
const estate: DrEstate = {
  pairs: () => [pair],
  servers: () => [{ id: 'w', name: 'ICA-APP02', addresses: ['192.168.100.111'], practice: false }],
  onChange: () => () => undefined,
  refresh: () => Promise.resolve(),
};

/** One server behind one pair, at a time of the test's choosing. */
function open(state: WindowsNetworkState, macs: readonly string[]) {
  const clock = { now: 1_000_000 };
  const now = () => clock.now;
  const readState = () => Promise.resolve({ ...state, readAt: clock.now });
  const windows = () =>
    Promise.resolve({ id: 'w', name: 'ICA-APP02', readState } as Partial<WindowsServer> as WindowsServer);
  const states = new States({ windows, changed: () => undefined, now });
  const arping = (address: string) => Promise.resolve({ via: 'ssh' as const, address, macs, text: '' });
  const appliance = () => Promise.resolve({ arping } as never);
  const wires = new Wires({ appliance, now, estate }, states, () => undefined);
  const clients = new Clients({ now, estate }, states, () => undefined);
  const row = () => matrixOf({ estate, states, wires, clients, jobOf: () => null }).get('row:main/w');
  const ask = () =>
    askWire({ estate, states, wires }, { windowsId: 'w', unitId: 'lb-1', addresses: [vip] }, vip, signal);
  return { clock, states, row, ask };
}

describe('silence on the wire', () => {
  it('is proved where the server was read and only the active unit answers, and for no longer than that holds', async () => {
    const site = open(rightServer(), [lb]);
    await site.states.read('w', signal);
    expect(await site.ask()).toMatchObject({ held: true });
    expect(site.row()).toMatchObject({ wire: 'silent' });
    site.clock.now += 200_000;
    expect(site.row()).toMatchObject({ wire: 'unknown', stale: true });
    site.clock.now += 800_000;
    await site.states.read('w', signal);
    expect(site.row()).toMatchObject({ wire: 'unknown', stale: false });
  });

  it('is not proved of a server whose MAC addresses nobody has read', async () => {
    expect(await open(rightServer(), [lb]).ask()).toMatchObject({ held: null });
    const nameless = open({ ...rightServer(), adapters: [lanAdapter({ mac: '' })] }, [lb]);
    await nameless.states.read('w', signal);
    expect(await nameless.ask()).toMatchObject({ held: null });
    expect(nameless.row()).toMatchObject({ wire: 'unknown' });
  });

  it.each([
    ['nobody was heard, not even the active unit', []],
    ['a stranger answers beside the active unit', [lb, stranger]],
  ])('is not proved when %s', async (_, macs) => {
    const site = open(rightServer(), macs);
    await site.states.read('w', signal);
    expect(await site.ask()).toMatchObject({ held: null });
  });
});

describe('an address that was not looked for', () => {
  it('is unknown, whatever else is right', () => {
    const services = [
      {
        ...service,
        pairId: 'main',
        pairName: 'main',
        serviceName: 'ICA_WEB',
        realServers: [{ label: 'a', address: '192.168.100.111' }],
      },
    ];
    const target = targetOf(['192.168.100.111'], services);
    if (target === null) throw new Error('no target');
    const difference = differenceOf(target, rightServer());
    expect(verdictOf(vip, difference).server).toBe('proved');
    expect(verdictOf('192.168.100.101', difference).server).toBe('unknown');
  });
});
