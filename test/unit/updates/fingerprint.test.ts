import { describe, expect, it } from 'vitest';
import type { ApplianceReading, RealServerReading } from '#shared/domain/appliance/reading';
import { differences, fingerprintOf, lostServers } from '#shared/domain/updates/fingerprint';

const server = (name: string, more: Partial<RealServerReading> = {}): RealServerReading => ({
  name,
  address: '192.168.100.110',
  port: null,
  status: 'online',
  weight: 100,
  activeConnections: 4,
  inactiveConnections: 1,
  connectionsPerSecond: 0.5,
  checkText: null,
  ...more,
});

const reading = (servers: readonly RealServerReading[], more: Partial<ApplianceReading> = {}): ApplianceReading => ({
  readAt: 1,
  via: 'ssh',
  hostname: 'lb-1',
  version: '8.13.1',
  updateNotice: '',
  licence: null,
  clockOffsetSeconds: 0,
  ha: { role: 'primary', state: 'active', peerAddress: null, peerAlive: true, floatingAddresses: ['b', 'a'] },
  services: [
    {
      name: 'ICA_WEB',
      layer: 4,
      address: '192.168.100.100',
      ports: '80,443',
      protocol: 'tcp',
      method: 'gate',
      scheduler: 'wlc',
      check: { type: 'negotiate', port: 443 },
      onFallback: false,
      realServers: servers,
    },
  ],
  pendingRestarts: [],
  gaps: [],
  ...more,
});

describe('the fingerprint of a unit', () => {
  it('is the same after connections, clock and version changed', () => {
    const before = fingerprintOf(reading([server('A')]));
    const busy = server('A', { activeConnections: 40, connectionsPerSecond: 9 });
    const after = fingerprintOf(reading([busy], { version: '8.13.2', clockOffsetSeconds: 3, readAt: 99 }));
    expect(after).toEqual(before);
  });

  it('tells a changed weight by the line before and the line after', () => {
    const { gone, added } = differences(
      fingerprintOf(reading([server('A')])).configuration,
      fingerprintOf(reading([server('A', { weight: 50 })])).configuration,
    );
    expect(gone).toEqual(['real server ICA_WEB/A: 192.168.100.110 port as asked weight 100']);
    expect(added).toEqual(['real server ICA_WEB/A: 192.168.100.110 port as asked weight 50']);
  });

  it('names the real servers that were online and are not, and no others', () => {
    const before = fingerprintOf(reading([server('A'), server('B', { status: 'halted' }), server('C')])).state;
    const after = fingerprintOf(reading([server('A', { status: 'failed' }), server('B'), server('C')])).state;
    expect(lostServers(before, after)).toEqual(['ICA_WEB/A']);
  });
});
