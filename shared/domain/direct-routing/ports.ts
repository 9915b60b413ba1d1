import type { FirewallState } from '../windows/network-state';

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

export type Transport = 'TCP' | 'UDP';

/** What a service takes: `ops` is one-packet UDP; a firewall mark does not tell, and has a mark in place of ports. */
export function transportsOf(protocol: string | null): readonly Transport[] {
  if (protocol === 'fwm') return [];
  if (protocol === 'tcpudp') return ['TCP', 'UDP'];
  return protocol === 'udp' || protocol === 'ops' ? ['UDP'] : ['TCP'];
}

export function rangeText(range: PortRange): string {
  return range.first === range.last ? String(range.first) : `${range.first}-${range.last}`;
}

/**
 * `80,443`, `80:81` (a list in old help texts), `8000-8010`; `0` and `*` are every port. Text that is no port is left
 * out.
 */
export function parsePorts(text: string): readonly PortRange[] {
  if (text.trim() === '0' || text.trim() === '*') return [{ first: 1, last: 65_535 }];
  return text.split(/[,:\s]+/).flatMap((part) => {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part);
    if (match === null) return [];
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    return first >= 1 && last <= 65_535 && first <= last ? [{ first, last }] : [];
  });
}

/** `closed`: no rule lets it in. `unknown`: the firewall could not be read. */
export function firewallVerdict(
  firewall: FirewallState,
  range: PortRange,
  transport: Transport,
): 'open' | 'closed' | 'unknown' {
  if (firewall.profiles === null) return 'unknown';
  // An adapter without a gateway stays an unidentified network: Public [D].
  const publicOn = firewall.profiles.find((profile) => profile.name === 'Public');
  if (publicOn === undefined) return 'unknown';
  if (!publicOn.enabled) return 'open';
  const allowed = firewall.allowRules
    .filter((rule) => rule.profiles.includes('Any') || rule.profiles.includes('Public'))
    .filter((rule) => rule.protocol === 'Any' || rule.protocol === transport)
    .flatMap((rule) => rule.localPorts.flatMap(allowedRange));
  return covered(range, allowed) ? 'open' : 'closed';
}

function allowedRange(text: string): readonly PortRange[] {
  return text.toLowerCase() === 'any' ? [{ first: 1, last: 65_535 }] : parsePorts(text);
}

function covered(range: PortRange, allowed: readonly PortRange[]): boolean {
  let next = range.first;
  for (const part of [...allowed].sort((a, b) => a.first - b.first)) {
    if (part.first <= next && part.last >= next) next = part.last + 1;
    if (next > range.last) return true;
  }
  return false;
}
