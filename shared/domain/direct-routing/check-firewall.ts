import type { WindowsNetworkState } from '../windows/network-state';
import { check, type Check } from './checks';
import { ownRule } from './firewall-rules';
import type { OwnFirewallRule } from './operations';
import { firewallVerdict, parsePorts, rangeText, transportsOf, type PortRange, type Transport } from './ports';
import type { ServerTarget } from './target';

const row = 'Firewall, Public';

interface ServicePort {
  readonly transport: Transport;
  readonly range: PortRange;
}

/** A closed port is somebody's decision: told, and changed only when asked. */
export function firewallChecks(target: ServerTarget, state: WindowsNetworkState): readonly Check[] {
  const known = portsOf(target).map(({ transport, range }) => {
    const name = transport === 'TCP' ? rangeText(range) : `${transport} ${rangeText(range)}`;
    const verdict = firewallVerdict(state.firewall, range, transport);
    const before = `${name} ${verdict}`;
    if (verdict === 'open') return check(row, { before, after: before }, null, 'report');
    if (verdict === 'unknown') return check(row, { before, after: before }, 'firewall-unknown', 'report');
    return target.options.firewall
      ? check(row, { before, after: `${name} open` }, 'firewall-closed')
      : check(row, { before, after: before }, 'firewall-closed', 'report');
  });
  return [...known, ...markChecks(target)];
}

/** The rules that let the closed ports in, one a protocol and range; none unless asked for. */
export function missingRules(target: ServerTarget, state: WindowsNetworkState): readonly OwnFirewallRule[] {
  if (!target.options.firewall) return [];
  return portsOf(target)
    .filter(({ transport, range }) => firewallVerdict(state.firewall, range, transport) === 'closed')
    .map(({ transport, range }): OwnFirewallRule => {
      const name = `${transport} ${rangeText(range)}`;
      // A rule of ours that was narrowed since keeps what it lets in.
      const held = ownRule(state.firewall, name);
      return {
        name,
        protocol: transport,
        ports: distinct([rangeText(range), ...(held?.protocol === transport ? held.ports : [])]),
        profiles: distinct(['Public' as const, ...(held?.profiles ?? [])]),
      };
    });
}

function portsOf(target: ServerTarget): readonly ServicePort[] {
  const all = target.memberships.flatMap(({ protocol, ports }) =>
    transportsOf(protocol).flatMap((transport) => parsePorts(ports).map((range) => ({ transport, range }))),
  );
  return [...new Map(all.map((port) => [`${port.transport} ${rangeText(port.range)}`, port])).values()];
}

function markChecks(target: ServerTarget): readonly Check[] {
  const marks = target.memberships.filter((membership) => membership.protocol === 'fwm');
  return marks.map(({ serviceName, ports }) => {
    const before = `${serviceName} by mark ${ports}`;
    return check(row, { before, after: before }, 'ports-unknown', 'report');
  });
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
