import fc from 'fast-check';
import type { DrService, TargetOptions } from '#shared/domain/direct-routing/index';

/** The server's own addresses; the appliances know it by these. */
export const ownAddresses = ['192.168.100.111', 'fd4a::111', '192.168.140.111'];

export const vips = ['192.168.100.100', '192.168.100.101', '192.168.140.100', 'fd4a::100', 'fd4a:0:0:1::100'];
/** Addresses that were services once. */
export const formerVips = ['192.168.100.90', '10.50.0.90', 'fd4a::90'];
export const foreignAddresses = ['10.9.9.9', 'fd4a:9::9'];

const kinds = fc.constantFrom(
  ...[
    { protocol: 'tcp', ports: '80,443' },
    { protocol: 'tcp', ports: '4444' },
    { protocol: 'tcp', ports: '8000-8010' },
    { protocol: 'udp', ports: '514' },
    { protocol: 'tcpudp', ports: '53' },
    { protocol: 'fwm', ports: '7' },
    { protocol: null, ports: '*' },
  ],
);

function realAddressFor(vip: string): string {
  if (vip.includes(':')) return 'fd4a::111';
  return vip.startsWith('192.168.140.') ? '192.168.140.111' : '192.168.100.111';
}

/** Written as an appliance may write it. */
const spelling = (address: string): fc.Arbitrary<string> =>
  address === 'fd4a::100' ? fc.constantFrom(address, 'FD4A:0:0:0:0:0:0:100') : fc.constant(address);

const service = (vip: string, index: number): fc.Arbitrary<DrService> =>
  fc.tuple(kinds, spelling(vip), fc.boolean()).map(([kind, address, alone]) => ({
    ...kind,
    pairId: index % 2 === 0 ? 'main' : 'annex',
    pairName: 'lb',
    serviceName: `SERVICE_${index}`,
    address,
    realServers: [
      ...(alone ? [] : [{ label: 'NEIGHBOUR', address: vip.includes(':') ? 'fd4a::112' : '192.168.100.112' }]),
      { label: `REAL_${index}`, address: realAddressFor(vip) },
    ],
  }));

/** A service that this server is not in (any more), and one whose address cannot be read. */
const strangers: readonly DrService[] = [
  {
    ...{ pairId: 'main', pairName: 'lb', serviceName: 'OTHERS', address: '192.168.100.90', ports: '80' },
    protocol: 'tcp',
    realServers: [{ label: 'NEIGHBOUR', address: '192.168.100.112' }],
  },
  {
    ...{ pairId: 'main', pairName: 'lb', serviceName: 'MARKED', address: '', ports: '9' },
    protocol: 'fwm',
    realServers: [{ label: 'REAL', address: '192.168.100.111' }],
  },
];

export const anyServices: fc.Arbitrary<readonly DrService[]> = fc
  .tuple(
    fc.subarray(vips).chain((chosen) => fc.tuple(...chosen.map(service))),
    fc.subarray([...strangers, ...strangers.slice(0, 1)]),
  )
  .map(([own, others]) => [...own, ...others]);

export const anyOptions: fc.Arbitrary<TargetOptions> = fc.record({
  removeStale: fc.boolean(),
  firewall: fc.boolean(),
  ipv6Prefix: fc.constantFrom('host' as const, 'network' as const),
  knownVips: fc.subarray([...vips, ...formerVips]),
  unsureVips: fc.subarray([...vips, ...formerVips]),
  unreadPairs: fc.constantFrom([], [], [], ['annex']),
});
