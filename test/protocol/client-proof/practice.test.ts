import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proveClient } from '#engine/client-proof/index';
import { changeWindows } from '#engine/practice-site/world/index';
import type { ClientProbe } from '#shared/domain/direct-routing/index';
import { openSite, type OpenSite } from '../practice-site/site';

/** The practice site answers a client as its network would: by way of who answers ARP, who is in service, what Windows holds. */

let open: OpenSite;
beforeAll(async () => {
  open = await openSite('two-sites');
});
afterAll(() => open.close());

const limits = { connectMs: 1_000, answerMs: 5_000 };
const titles = { called: 'ANY-SCP', calling: 'EVENKEEL' };
const { signal } = new AbortController();
const ask = async (address: string, port: number, probe: ClientProbe): Promise<string> => {
  const dial = (at: string, on: number) => open.site.dial(at, on);
  const seen = await proveClient({ address, port, probe, titles }, signal, { limits, dial });
  return [seen.word, seen.certificate?.subject ?? ''].join(' ').trim();
};
/** Persistence ends: the next connection may go to another server. */
const later = () => open.site.world.clock.wait(301, signal);

describe('at a server of its own', () => {
  it('web and DICOM answer, with the certificate of that server', async () => {
    expect(await ask('192.168.100.110', 80, 'http')).toBe('200');
    expect(await ask('192.168.100.110', 443, 'https')).toBe('200 CN=ICA-APP01');
    expect(await ask('192.168.100.111', 443, 'https')).toBe('200 CN=ICA-APP02');
    expect(await ask('192.168.100.112', 4444, 'dicom')).toBe('C-ECHO ok');
    expect(await ask('fd4a:7c10:140::110', 443, 'https')).toBe('200 CN=VNA-APP01');
  });

  it('a port on which nothing listens refuses; an address that nobody has answers never', async () => {
    expect(await ask('192.168.140.111', 11112, 'dicom')).toBe('refused');
    expect(await ask('192.168.100.77', 443, 'https')).toBe('timed out');
  });
});

describe('through the virtual address', () => {
  it('goes from server to server, and the one without the fix answers never', async () => {
    const seen: string[] = [];
    for (let turn = 0; turn < 3; turn++) {
      seen.push(await ask('192.168.100.100', 443, 'https'));
      await later();
    }
    expect(seen).toEqual(['200 CN=ICA-APP01', 'timed out', '200 CN=ICA-APP03']);
  });

  it('stays with one server while it persists', async () => {
    const seen = await Promise.all([1, 2, 3, 4].map(() => ask('192.168.100.100', 4444, 'dicom')));
    expect(new Set(seen)).toEqual(new Set(['C-ECHO ok']));
  });

  it('refuses a port that the service does not have', async () => {
    expect(await ask('192.168.100.100', 8443, 'https')).toBe('refused');
  });

  it('a halted server gets nothing: with all halted the address refuses', async () => {
    const { world } = open.site;
    const before = world.state;
    const halted = (label: string) => ({
      ...before,
      pairs: before.pairs.map((pair) => ({
        ...pair,
        services: pair.services.map((service) => ({
          ...service,
          realServers: service.realServers.map((real) =>
            real.label.startsWith(label) ? { ...real, intent: 'halted' as const } : real,
          ),
        })),
      })),
    });
    try {
      world.apply(() => halted('MWL2'));
      for (let turn = 0; turn < 3; turn++) {
        expect(await ask('192.168.140.101', 104, 'dicom')).toBe('C-ECHO ok');
        await later();
      }
      world.apply(() => halted('MWL'));
      expect(await ask('192.168.140.101', 104, 'dicom')).toBe('refused');
    } finally {
      world.apply(() => before);
    }
  });

  it('a server that answers ARP for the address takes connections past the appliance', async () => {
    const { world } = open.site;
    const before = world.state;
    const { network } = world.windowsHost('ICA-APP02');
    const held = { address: '192.168.100.100', prefixLength: 24, skipAsSource: false, state: 'Preferred' as const };
    const adapters = network.adapters.map((adapter) => ({ ...adapter, addresses: [...adapter.addresses, held] }));
    try {
      world.apply((state) => changeWindows(state, 'ICA-APP02', { network: { ...network, adapters } }));
      const seen: string[] = [];
      for (let turn = 0; turn < 4; turn++) seen.push(await ask('192.168.100.100', 443, 'https'));
      expect(seen).toContain('200 CN=ICA-APP02');
    } finally {
      world.apply(() => before);
    }
  });
});

it('a closed site answers nobody', async () => {
  const closing = await openSite('guide');
  await closing.close();
  expect(closing.site.dial('192.168.100.110', 443)).toBeNull();
});
