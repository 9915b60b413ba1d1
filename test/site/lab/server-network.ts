import type { FirewallState, NetworkAdapter, WindowsNetworkState } from '#shared/domain/windows/network-state';

/**
 * What a Windows server's network state means for packets, in the words of Linux. The loopback adapter becomes an
 * interface without a cable; Windows never answers ARP for what is on it, so Linux is told not to either.
 */
export interface ServerNetwork {
  /** There is a loopback adapter that is switched on. */
  readonly loopback: boolean;
  readonly addresses: readonly HeldAddress[];
  /** Replies from these addresses go out by the loopback adapter and are lost. */
  readonly onLinkLost: readonly string[];
  /** Text for `nft`. */
  readonly rules: string;
}

export interface HeldAddress {
  readonly device: 'eth0' | 'loop0';
  readonly address: string;
  readonly prefixLength: number;
}

/** WinRM is always let in: without it nobody could be shown anything. */
const winrmPorts = ['5985', '5986'];
/** A host that is on the segment already has its own address there. */
const network = '192.168.100.0/24';

export function networkOf(state: WindowsNetworkState): ServerNetwork {
  const loopbacks = state.adapters.filter((adapter) => isLoopback(adapter) && carries(adapter));
  const lans = state.adapters.filter((adapter) => !isLoopback(adapter) && carries(adapter));
  const lan = lans[0];
  const onLoopback = loopbacks.flatMap((adapter) => held(adapter, 'loop0'));
  const onLan = lans.flatMap((adapter) => held(adapter, 'eth0'));
  const receives = (adapter: NetworkAdapter): boolean =>
    adapter.ipv4?.weakHostReceive === true && lan?.ipv4?.weakHostReceive === true;
  const deaf = loopbacks.filter((adapter) => !receives(adapter)).flatMap((adapter) => held(adapter, 'loop0'));
  const mute = loopbacks
    .filter((adapter) => adapter.ipv4?.weakHostSend !== true)
    .flatMap((adapter) => held(adapter, 'loop0'));
  return {
    loopback: loopbacks.length > 0,
    addresses: [...onLan, ...onLoopback],
    onLinkLost: onLoopback.filter((item) => item.prefixLength < 32).map((item) => item.address),
    rules: rulesText({
      deaf: texts(deaf),
      mute: texts(mute),
      closed: [
        ...closedRule(state.firewall, 'Domain', texts(onLan)),
        ...closedRule(state.firewall, 'Public', texts(onLoopback)),
      ],
    }),
  };
}

function isLoopback(adapter: NetworkAdapter): boolean {
  return adapter.hardwareId.toUpperCase() === '*MSLOOP';
}

function carries(adapter: NetworkAdapter): boolean {
  const bound = adapter.bindings.every((item) => item.component !== 'ms_tcpip' || item.enabled);
  return adapter.status === 'up' && adapter.driverOk && bound;
}

function held(adapter: NetworkAdapter, device: 'eth0' | 'loop0'): readonly HeldAddress[] {
  return adapter.addresses
    .filter((item) => item.state === 'Preferred' && /^\d+(\.\d+){3}$/.test(item.address))
    .filter((item) => !item.address.startsWith('169.254.'))
    .map(({ address, prefixLength }) => ({ device, address, prefixLength }));
}

function texts(list: readonly HeldAddress[]): readonly string[] {
  return list.map((item) => item.address);
}

/** What is not allowed in is dropped where a connection begins, as Windows does it. */
function closedRule(
  firewall: FirewallState,
  profile: 'Domain' | 'Public',
  addresses: readonly string[],
): readonly string[] {
  const active = firewall.profiles?.find((item) => item.name === profile)?.enabled === true;
  if (!active || addresses.length === 0) return [];
  const allowed = firewall.allowRules
    .filter((rule) => rule.profiles.includes('Any') || rule.profiles.includes(profile))
    .filter((rule) => rule.protocol !== 'UDP')
    .flatMap((rule) => rule.localPorts);
  if (allowed.includes('Any')) return [];
  const ports = [...new Set([...winrmPorts, ...allowed])].join(', ');
  const starts = 'tcp flags & (syn | ack) == syn';
  return [`ip daddr { ${addresses.join(', ')} } ${starts} tcp dport != { ${ports} } drop`];
}

function rulesText(parts: Readonly<Record<'deaf' | 'mute' | 'closed', readonly string[]>>): string {
  const input = [...(parts.deaf.length > 0 ? [`ip daddr { ${parts.deaf.join(', ')} } drop`] : []), ...parts.closed].map(
    (rule) => `    iifname "eth0" ${rule}\n`,
  );
  const output = parts.mute.length > 0 ? [`    oifname "eth0" ip saddr { ${parts.mute.join(', ')} } drop\n`] : [];
  return [
    'add table inet windows\n',
    'delete table inet windows\n',
    'table inet windows {\n',
    '  chain input {\n    type filter hook input priority 0; policy accept;\n',
    ...input,
    '  }\n',
    '  chain output {\n    type filter hook output priority 0; policy accept;\n',
    ...output,
    '  }\n}\n',
  ].join('');
}

/** Lines for `ip` that lead from one state to the other. */
export function ipChanges(before: ServerNetwork | null, after: ServerNetwork): readonly string[] {
  const key = (item: HeldAddress): string => `${item.address}/${item.prefixLength} dev ${item.device}`;
  const old = new Set((before?.addresses ?? []).map(key));
  const wanted = new Set(after.addresses.map(key));
  const hadLoopback = before?.loopback === true;
  const lostBefore = before?.onLinkLost ?? [];
  return [
    ...(after.loopback && !hadLoopback ? ['link add loop0 type bridge', 'link set loop0 up'] : []),
    ...lostBefore.filter((item) => !after.onLinkLost.includes(item)).map((item) => `rule del from ${item} lookup 100`),
    ...[...old].filter((item) => !wanted.has(item)).map((item) => `addr del ${item}`),
    ...[...wanted]
      .filter((item) => !old.has(item))
      .map((item) => `addr add ${item}${item.endsWith('loop0') ? ' noprefixroute' : ''}`),
    ...after.onLinkLost
      .filter((item) => !lostBefore.includes(item))
      .flatMap((item) => [`route replace ${network} dev loop0 table 100`, `rule add from ${item} lookup 100`]),
    ...(!after.loopback && hadLoopback ? ['link del loop0'] : []),
  ];
}
