import { describe, expect, it } from 'vitest';
import { layer4State } from '#engine/appliance/read/layer4';
import type { ConfigService } from '#engine/appliance/parsers/config-model';
import type { IpvsService } from '#engine/appliance/parsers/ipvsadm';

const service: ConfigService = {
  ...{ name: 'ICA_WEB', layer: 4, address: '192.168.100.100', ports: '80,443', protocol: 'tcp', method: 'gate' },
  ...{ scheduler: 'wlc', check: null, fallback: null },
  realServers: [{ name: 'ICA_WEB1', address: '192.168.100.110', port: null, weight: 100, wanted: 'in' }],
};

/** One entry of the kernel's table for a port; `null`: the server is not in it. */
function entry(port: number, weight: number | null): IpvsService {
  const target = { address: '192.168.100.110', port, forward: 'Route' as const, weight: weight ?? 0 };
  const destinations = weight === null ? [] : [{ ...target, activeConnections: 2, inactiveConnections: 0 }];
  return { protocol: 'TCP', mark: null, address: '192.168.100.100', port, scheduler: 'wlc', destinations };
}

const read = (...entries: readonly IpvsService[]) => {
  const facts = { table: entries, rates: null, marks: null, quiescent: false, checkTexts: new Map<string, string>() };
  return layer4State(service, facts)?.realServers[0];
};

describe('a service with an entry of its own for each port', () => {
  it('has a server in service where it is in at every port', () => {
    expect(read(entry(80, 100), entry(443, 100))).toMatchObject({ status: 'online', activeConnections: 4 });
    expect(read(entry(80, 100), entry(443, 100))).not.toHaveProperty('partly');
  });

  it.each([
    ['drained at one port', entry(443, 0)],
    ['missing at one port', entry(443, null)],
  ])('tells a server that is in at one port only: %s', (_, other) => {
    expect(read(entry(80, 100), other)).toMatchObject({ status: 'online', partly: true });
  });

  it('has it out where it is out at every port', () => {
    expect(read(entry(80, 0), entry(443, 0))).toMatchObject({ status: 'drained' });
    expect(read(entry(80, 0), entry(443, 0))).not.toHaveProperty('partly');
  });
});
