import fc from 'fast-check';
import type {
  AdapterAddress,
  FirewallState,
  NetworkAdapter,
  WindowsNetworkState,
} from '#shared/domain/windows/network-state';
import { foreignAddresses, formerVips, vips } from './generated-services';
import { components, held, lanAdapter, otherAdapter, rightLoopback, server, teamAdapters } from './windows-fixtures';

/** One time in so many; not at an end, where generated numbers gather, and shrinking leads away from it. */
const rarely = (times: number): fc.Arbitrary<boolean> =>
  fc.nat(times - 1).map((number) => number === Math.floor(times / 2));

const ip = fc.record({
  weakHostReceive: fc.boolean(),
  weakHostSend: fc.boolean(),
  dadTransmits: fc.constantFrom(0, 1, 3),
  dhcp: fc.boolean(),
  metric: fc.constantFrom(null, 25, 254),
});

const someAddress = (address: string): fc.Arbitrary<AdapterAddress> =>
  fc.tuple(fc.boolean(), fc.boolean(), fc.nat(15)).map(([host, skipAsSource, state]) =>
    held(address, {
      prefixLength: address.includes(':') ? (host ? 128 : 64) : host ? 32 : 24,
      skipAsSource,
      state: (['Tentative', 'Duplicate', 'Deprecated'] as const)[state - 6] ?? 'Preferred',
    }),
  );

const addresses = fc
  .subarray([...vips, ...formerVips, ...foreignAddresses], { maxLength: 6 })
  .chain((chosen): fc.Arbitrary<AdapterAddress[]> =>
    chosen.length === 0 ? fc.constant([]) : fc.tuple(...chosen.map(someAddress)),
  );

const names = ['Ethernet 2', 'loopback', 'Überwachung [1]', "O'Brien", '乙太網路', '`$(calc)`%TEMP%', '回送"'];

const loopback = (number: number): fc.Arbitrary<NetworkAdapter> =>
  fc
    .record({
      ipv4: ip,
      ipv6: ip,
      addresses,
      enabled: fc.tuple(...components.map(() => fc.boolean())),
      netbios: fc.constantFrom('default' as const, 'on' as const, 'off' as const),
      registersInDns: fc.boolean(),
      name: fc.constantFrom(...names),
      status: fc.nat(29).map((which) => (['disabled', 'down'] as const)[which - 14] ?? ('up' as const)),
      driverOk: rarely(25).map((bad) => !bad),
      sixOff: rarely(25),
    })
    .map(({ enabled, sixOff, ...over }) => {
      const bindings = components.map((component, at) => ({ component, enabled: enabled[at] === true }));
      const adapter = { ...over, bindings, index: 17 + number, deviceId: `ROOT\\NET\\000${number}` };
      return rightLoopback(sixOff ? withoutSix(adapter) : adapter);
    });

/** IPv6 is bound, and Windows has it switched off all the same: no interface, no addresses. */
function withoutSix<A extends Pick<NetworkAdapter, 'addresses' | 'bindings'>>(adapter: A): A & { ipv6: null } {
  const bindings = adapter.bindings.map((item) => (item.component === 'ms_tcpip6' ? { ...item, enabled: true } : item));
  return {
    ...adapter,
    bindings,
    ipv6: null,
    addresses: adapter.addresses.filter((item) => !item.address.includes(':')),
  };
}

const own = {
  main: held('192.168.100.111', { prefixLength: 24, skipAsSource: false }),
  six: held('fd4a::111', { prefixLength: 64, skipAsSource: false }),
  annex: held('192.168.140.111', { prefixLength: 24, skipAsSource: false }),
};

/** One adapter for all, one for each network, or a team; sometimes with a VIP where it must not be. */
const lans: fc.Arbitrary<readonly NetworkAdapter[]> = fc
  .record({
    shape: fc.nat(3),
    ipv4: ip,
    ipv6: ip,
    vip: fc.tuple(rarely(15), fc.constantFrom(...vips)).map(([wrong, address]) => (wrong ? address : null)),
  })
  .map(({ shape, vip, ...ips }) => {
    const over = { ipv4: { ...ips.ipv4, dhcp: false }, ipv6: { ...ips.ipv6, dhcp: false } };
    const wrong = vip === null ? [] : [held(vip, { prefixLength: 24, skipAsSource: false })];
    const all = { ...over, addresses: [own.main, own.six, own.annex, ...wrong] };
    if (shape === 0)
      return [
        lanAdapter({ ...over, addresses: [own.main, ...wrong] }),
        otherAdapter({ ...over, addresses: [own.six, own.annex] }),
      ];
    if (shape === 1) return teamAdapters(all);
    return shape === 2 ? [otherAdapter(), lanAdapter(all)] : [lanAdapter(all)];
  });

const firewall: fc.Arbitrary<FirewallState> = fc
  .record({
    on: fc.boolean(),
    unread: rarely(20),
    open: fc.subarray(['80', '443', '4444', '8000-8005', '8006-8010', '53', 'Any']),
    ours: rarely(4),
  })
  .map(({ on, unread, open, ours }) => ({
    profiles: unread ? null : (['Domain', 'Private', 'Public'] as const).map((name) => ({ name, enabled: on })),
    allowRules: unread
      ? []
      : [
          ...open.map((port) => ({
            name: `Imaging ${port}`,
            profiles: ['Any' as const],
            protocol: 'TCP' as const,
            localPorts: [port],
          })),
          ...(ours
            ? [
                {
                  name: 'Evenkeel TCP 443',
                  profiles: ['Domain' as const],
                  protocol: 'TCP' as const,
                  localPorts: ['443'],
                },
              ]
            : []),
        ],
  }));

export const anyServer: fc.Arbitrary<WindowsNetworkState> = fc
  .record({
    lans,
    count: fc.constantFrom(0, 1, 1, 1, 1, 2, 2, 3),
    loopbacks: fc.tuple(loopback(0), loopback(1), loopback(2)),
    host: fc.record({
      firewall,
      serverCore: fc.boolean(),
      pendingReboot: rarely(4),
      clusterPresent: rarely(4),
      nlbPresent: rarely(4),
      isAdministrator: rarely(30).map((no) => !no),
      languageMode: rarely(30).map((no) => (no ? 'ConstrainedLanguage' : 'FullLanguage')),
    }),
  })
  .map(({ lans: net, count, loopbacks, host }) => server([...net, ...loopbacks.slice(0, count)], host));
