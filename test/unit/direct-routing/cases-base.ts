import { differenceOf, fixOperations, targetOf, verdictOf } from '#shared/domain/direct-routing/index';
import type { DrService, Phase, ReasonCode, TargetOptions } from '#shared/domain/direct-routing/index';
import type { NetworkAdapter, WindowsNetworkState } from '#shared/domain/windows/network-state';
import { held, lanAdapter, rightLoopback, server, strongHost, weakHost } from './windows-fixtures';

/** A reason as the table writes it: `stop` waits for a person, `told` is reported and changes nothing. */
export type Reason = ReasonCode | `stop ${ReasonCode}` | `told ${ReasonCode}`;

export interface Case {
  readonly name: string;
  /** Beside a server that has all it needs for ICA_WEB and ICA_DICOM at 192.168.100.100. */
  readonly server: WindowsNetworkState;
  readonly services?: readonly DrService[];
  readonly options?: TargetOptions;
  readonly reasons: readonly Reason[];
  /** The phases of the fix; with a `stop` nothing is planned. */
  readonly plan: readonly Phase[] | 'none, a person settles it first';
  /** The word in the matrix, for `vip` or 192.168.100.100. */
  readonly cell: string;
  readonly vip?: string;
}

export const vip = '192.168.100.100';
const real = '192.168.100.111';
/** The server is known to the appliances by these. */
const own = [real, 'fd4a::111', '192.168.140.111'];

export function service(name: string, over: Partial<DrService> = {}): DrService {
  const base = { pairId: 'main', pairName: 'main', serviceName: name, address: vip, ports: '443', protocol: 'tcp' };
  return { ...base, realServers: [{ label: `${name}2`, address: real }], ...over };
}

export const web = service('ICA_WEB', { ports: '80,443' });
export const dicom = service('ICA_DICOM', { ports: '4444' });
export const web6 = service('ICA_WEB6', {
  address: 'fd4a::100',
  realServers: [{ label: 'ICA6', address: 'fd4a::111' }],
});
export const annex = service('ARCHIVE', {
  ...{ pairId: 'annex', pairName: 'annex', address: '192.168.140.100' },
  realServers: [{ label: 'ARCHIVE1', address: '192.168.140.111' }],
});

export const weakLan = (over: Partial<NetworkAdapter> = {}): NetworkAdapter =>
  lanAdapter({
    ipv4: { ...strongHost, weakHostReceive: true },
    ipv6: { ...strongHost, weakHostReceive: true },
    ...over,
  });
const inLan = (address: string, prefixLength = 24) => held(address, { prefixLength, skipAsSource: false });
/** The LAN with more addresses than the first. */
export const lanWith = (...addresses: readonly string[]) =>
  weakLan({ addresses: [inLan(real), ...addresses.map((address) => inLan(address, address.includes(':') ? 64 : 24))] });

/** The right server, but for its loopback adapter. */
export const loopback = (over: Partial<NetworkAdapter>): WindowsNetworkState =>
  server([weakLan(), rightLoopback(over)]);
export const loopbackHolds = (...addresses: NetworkAdapter['addresses']): WindowsNetworkState =>
  loopback({ addresses });
/** One more loopback adapter, which is right but holds other addresses. */
export const secondLoopback = (over: Partial<NetworkAdapter> = {}): NetworkAdapter =>
  rightLoopback({ index: 19, deviceId: String.raw`ROOT\NET\0001`, name: 'loopback 2', addresses: [], ...over });
export const both = (...enabled: readonly string[]) =>
  ['ms_tcpip', 'ms_tcpip6', 'ms_server'].map((component) => ({ component, enabled: enabled.includes(component) }));
/** Right for IPv6 alone. */
export const loopback6 = (over: Partial<NetworkAdapter> = {}) =>
  rightLoopback({ bindings: both('ms_tcpip6'), ipv4: null, ipv6: weakHost, addresses: [held('fd4a::100')], ...over });

/** The server of a case beside its target. */
export function differenceIn({ services, options, server: state }: Case) {
  const target = targetOf(own, services ?? [web, dicom], options);
  if (target === null) throw new Error('no target');
  return { target, difference: differenceOf(target, state) };
}

export function judge(row: Case) {
  const { target, difference } = differenceIn(row);
  const prefix = { fix: '', stop: 'stop ', report: 'told ' } as const;
  const reasons = difference.checks.flatMap(({ code, level }) =>
    code === null ? [] : [`${prefix[level]}${code}` as Reason],
  );
  const stopped = reasons.some((reason) => reason.startsWith('stop '));
  return {
    reasons: [...new Set(reasons)],
    plan: stopped ? 'none, a person settles it first' : fixOperations(target, difference).map((part) => part.phase),
    cell: verdictOf(row.vip ?? vip, difference).word,
  };
}
