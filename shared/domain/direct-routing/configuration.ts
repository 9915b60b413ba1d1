import type { FirewallState, IpInterface, NetworkAdapter, WindowsNetworkState } from '../windows/network-state';
import { isSelfAssigned, normaliseAddress } from './addresses';
import { ruleTitle } from './operations';

/** One value of a server's configuration, for comparing two states. */
export interface ConfiguredValue {
  readonly adapter: string;
  readonly item: string;
  readonly value: string;
}

/**
 * What a fix can change and an undo must bring back, without what comes and goes by itself: times, indexes, addresses
 * that Windows assigns, address states. Sorted, so that equal configurations give equal lists.
 */
export function configurationOf(state: WindowsNetworkState): readonly ConfiguredValue[] {
  return [...state.adapters.flatMap((adapter) => adapterValues(adapter)), ...ruleValues(state.firewall)].sort(
    (a, b) => compare(a.adapter, b.adapter) || compare(a.item, b.item),
  );
}

export function configurationText(state: WindowsNetworkState): string {
  return JSON.stringify(configurationOf(state).map(({ adapter, item, value }) => [adapter, item, value]));
}

export function sameConfiguration(a: WindowsNetworkState, b: WindowsNetworkState): boolean {
  return configurationText(a) === configurationText(b);
}

export interface ChangedValue {
  readonly adapterName: string;
  readonly item: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Values of two states side by side, those that differ first; `null` where one of them has no such value. */
export function compareConfigurations(a: WindowsNetworkState, b: WindowsNetworkState): readonly ChangedValue[] {
  const names = new Map([...a.adapters, ...b.adapters].map((adapter) => [adapterKey(adapter), adapter.name]));
  names.set(firewallKey, 'Firewall');
  const keyed = (state: WindowsNetworkState): Map<string, ConfiguredValue> =>
    new Map(configurationOf(state).map((entry) => [`${entry.adapter}\n${entry.item}`, entry]));
  const left = keyed(a);
  const right = keyed(b);
  const rows = [...new Set([...left.keys(), ...right.keys()])].map((key): ChangedValue => {
    const entry = left.get(key) ?? right.get(key);
    return {
      adapterName: names.get(entry?.adapter ?? '') ?? '',
      item: entry?.item ?? '',
      before: left.get(key)?.value ?? null,
      after: right.get(key)?.value ?? null,
    };
  });
  return [...rows.filter((row) => row.before !== row.after), ...rows.filter((row) => row.before === row.after)];
}

function adapterKey(adapter: NetworkAdapter): string {
  return adapter.deviceId.toUpperCase();
}

function adapterValues(adapter: NetworkAdapter): readonly ConfiguredValue[] {
  const key = adapterKey(adapter);
  const of = (item: string, value: string): ConfiguredValue => ({ adapter: key, item, value });
  return [
    of('name', adapter.name),
    of('enabled', adapter.status === 'disabled' ? 'no' : 'yes'),
    of('NetBIOS', adapter.netbios),
    of('DNS registration', adapter.registersInDns ? 'on' : 'off'),
    ...adapter.bindings.map((binding) => of(`binding ${binding.component}`, binding.enabled ? 'on' : 'off')),
    ...interfaceValues('IPv4', adapter.ipv4).map(([item, value]) => of(item, value)),
    ...interfaceValues('IPv6', adapter.ipv6).map(([item, value]) => of(item, value)),
    ...adapter.addresses
      .filter((held) => !isSelfAssigned(held.address))
      .map((held) =>
        of(
          `address ${normaliseAddress(held.address)}`,
          `/${held.prefixLength}${held.skipAsSource ? ', SkipAsSource' : ''}`,
        ),
      ),
    ...adapter.gateways.map((gateway) => of(`gateway ${gateway}`, 'set')),
  ];
}

const firewallKey = 'firewall';

/** The rules of ours only: others come and go by policy, and no fix touches them. */
function ruleValues(firewall: FirewallState): readonly ConfiguredValue[] {
  return firewall.allowRules
    .filter((rule) => rule.name.startsWith(ruleTitle('')))
    .map((rule) => ({
      adapter: firewallKey,
      item: `rule ${rule.name}`,
      value: `${rule.protocol} ${[...rule.localPorts].sort().join(', ')} in ${[...rule.profiles].sort().join(', ')}`,
    }));
}

function interfaceValues(family: string, ip: IpInterface | null): readonly (readonly [string, string])[] {
  if (ip === null) return [];
  return [
    [`${family} weak host receive`, ip.weakHostReceive ? 'on' : 'off'],
    [`${family} weak host send`, ip.weakHostSend ? 'on' : 'off'],
    [`${family} DAD transmits`, String(ip.dadTransmits)],
    [`${family} DHCP`, ip.dhcp ? 'on' : 'off'],
    [`${family} metric`, ip.metric === null ? 'automatic' : String(ip.metric)],
  ];
}

/** By code units: the same order on every computer. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
