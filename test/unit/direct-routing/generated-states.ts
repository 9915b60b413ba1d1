import fc from 'fast-check';
import type { DrService } from '#shared/domain/direct-routing/index';
import type { AdapterAddress, NetworkAdapter, WindowsNetworkState } from '#shared/domain/windows/network-state';
import { lanAdapter, rightLoopback, server } from './windows-fixtures';

const components = ['ms_msclient', 'ms_server', 'ms_pacer', 'ms_tcpip', 'ms_tcpip6', 'ms_lltdio', 'ms_rspndr'];
const vips = ['192.168.100.100', '192.168.100.101', 'fd4a::100', '192.168.140.100'];
const foreign = ['10.9.9.9', 'fd4a:9::9'];

const ip = fc.record({
  weakHostReceive: fc.boolean(),
  weakHostSend: fc.boolean(),
  dadTransmits: fc.constantFrom(0, 1, 3),
  dhcp: fc.boolean(),
  metric: fc.constantFrom(null, 25, 254),
});

const held = (address: string): fc.Arbitrary<AdapterAddress> =>
  fc.record({
    address: fc.constant(address),
    prefixLength: address.includes(':') ? fc.constantFrom(64, 128) : fc.constantFrom(24, 32),
    skipAsSource: fc.boolean(),
    state: fc.constantFrom('Preferred' as const, 'Preferred' as const, 'Tentative' as const, 'Deprecated' as const),
  });

const addresses = fc
  .subarray([...vips, ...foreign])
  .chain((chosen): fc.Arbitrary<AdapterAddress[]> =>
    chosen.length === 0 ? fc.constant([]) : fc.tuple(...chosen.map(held)),
  );

const bindings = fc.tuple(
  ...components.map((component) => fc.record({ component: fc.constant(component), enabled: fc.boolean() })),
);

const loopback = (number: number): fc.Arbitrary<NetworkAdapter> =>
  fc
    .record({
      ipv4: ip,
      ipv6: ip,
      addresses,
      bindings,
      netbios: fc.constantFrom('default', 'on', 'off'),
      dns: fc.boolean(),
    })
    .map(({ dns, ...over }) =>
      rightLoopback({
        ...over,
        registersInDns: dns,
        index: 17 + number,
        name: number === 0 ? 'Ethernet 2' : `loopback ${number}`,
        deviceId: `ROOT\\NET\\000${number}`,
      }),
    );

const lan = fc.record({ ipv4: ip, ipv6: ip }).map(({ ipv4, ipv6 }) =>
  lanAdapter({
    ipv4: { ...ipv4, dhcp: false },
    ipv6: { ...ipv6, dhcp: false },
    addresses: [
      { address: '192.168.100.111', prefixLength: 24, skipAsSource: false, state: 'Preferred' },
      { address: 'fd4a::111', prefixLength: 64, skipAsSource: false, state: 'Preferred' },
    ],
  }),
);

const other = lanAdapter({
  index: 3,
  name: 'Überwachung [1]',
  deviceId: String.raw`PCI\VEN_8086\1`,
  addresses: [{ address: '10.0.0.5', prefixLength: 8, skipAsSource: false, state: 'Preferred' }],
});

export const anyServer: fc.Arbitrary<WindowsNetworkState> = fc
  .tuple(lan, fc.option(loopback(0), { nil: null }), fc.option(loopback(1), { nil: null, freq: 2 }), fc.boolean())
  .map(([net, first, second, more]) =>
    server([...(more ? [other] : []), net, ...[first, second].filter((adapter) => adapter !== null)]),
  );

export const anyServices: fc.Arbitrary<readonly DrService[]> = fc.subarray(vips, { minLength: 1 }).map((chosen) =>
  chosen.map((address, index) => ({
    pairId: index % 2 === 0 ? 'main' : 'annex',
    pairName: 'lb',
    serviceName: `SERVICE_${index}`,
    address,
    ports: '80,443',
    protocol: 'tcp',
    realServers: [{ label: `REAL_${index}`, address: address.includes(':') ? 'fd4a::111' : '192.168.100.111' }],
  })),
);
