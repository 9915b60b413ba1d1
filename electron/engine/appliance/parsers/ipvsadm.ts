/** One service of the kernel's table: by address and port, or by firewall mark. */
export interface IpvsService {
  readonly protocol: 'TCP' | 'UDP' | 'SCTP' | 'FWM';
  /** Firewall mark; `null` for a service by address. */
  readonly mark: number | null;
  readonly address: string | null;
  readonly port: number | null;
  readonly scheduler: string | null;
  readonly destinations: readonly IpvsDestination[];
}

export interface IpvsDestination {
  readonly address: string;
  /** 0 stands for every port (a firewall mark in Direct Routing). */
  readonly port: number;
  readonly forward: 'Route' | 'Masq' | 'Tunnel' | 'Local' | null;
  readonly weight: number | null;
  readonly activeConnections: number | null;
  readonly inactiveConnections: number | null;
}

/** Numbers of `--rate` (a second) and of `--stats` (since the counters were zeroed), by the same columns. */
export interface IpvsNumbers {
  readonly connections: number;
  readonly inPackets: number;
  /** Always 0 in Direct Routing: replies do not pass the appliance [V]. */
  readonly outPackets: number;
  readonly inBytes: number;
  readonly outBytes: number;
}

const service = /^(TCP|UDP|SCTP|FWM)\s+(\S+)(?:\s+(IPv6))?(?:\s+(.*))?$/;
const destination = /^\s*->\s+(\S+)(?:\s+(.*))?$/;
const forwards = ['Route', 'Masq', 'Tunnel', 'Local'] as const;

/** `ipvsadm -Ln`. Lines that are not understood are left out; an empty table gives an empty list. */
export function parseIpvs(text: string): readonly IpvsService[] {
  const services: (Omit<IpvsService, 'destinations'> & { destinations: IpvsDestination[] })[] = [];
  for (const line of text.split(/\r?\n/)) {
    const head = service.exec(line);
    if (head) {
      const key = keyOf(head[1], head[2]);
      if (key) services.push({ ...key, scheduler: head[4]?.split(/\s+/)[0] || null, destinations: [] });
      continue;
    }
    const target = destination.exec(line);
    const at = target ? splitAddress(target[1] ?? '') : null;
    if (!target || !at) continue;
    const [forward, weight, active, inactive] = (target[2] ?? '').split(/\s+/);
    services.at(-1)?.destinations.push({
      ...at,
      forward: forwards.find((known) => known === forward) ?? null,
      weight: number(weight),
      activeConnections: number(active),
      inactiveConnections: number(inactive),
    });
  }
  return services;
}

/** `ipvsadm -Ln --rate` or `--stats`: numbers of each destination under `destinationKey`. */
export function parseIpvsNumbers(text: string): ReadonlyMap<string, IpvsNumbers> {
  const found = new Map<string, IpvsNumbers>();
  let current = '';
  for (const line of text.split(/\r?\n/)) {
    const head = service.exec(line);
    if (head) {
      const key = keyOf(head[1], head[2]);
      current = key ? serviceKey(key) : '';
      continue;
    }
    const target = destination.exec(line);
    const at = target ? splitAddress(target[1] ?? '') : null;
    if (!target || !at || current === '') continue;
    const [connections, inPackets, outPackets, inBytes, outBytes] = (target[2] ?? '').trim().split(/\s+/).map(scaled);
    if (connections === null || connections === undefined) continue;
    found.set(destinationKey(current, at), {
      connections,
      inPackets: inPackets ?? 0,
      outPackets: outPackets ?? 0,
      inBytes: inBytes ?? 0,
      outBytes: outBytes ?? 0,
    });
  }
  return found;
}

/** The same for one service in every listing of one unit. */
export function serviceKey(of: Pick<IpvsService, 'protocol' | 'mark' | 'address' | 'port'>): string {
  return of.mark === null ? `${of.protocol} ${of.address ?? ''} ${of.port ?? ''}` : `FWM ${of.mark}`;
}

export function destinationKey(service: string, to: Pick<IpvsDestination, 'address' | 'port'>): string {
  return `${service} > ${to.address} ${to.port}`;
}

function keyOf(protocol = '', place = ''): Pick<IpvsService, 'protocol' | 'mark' | 'address' | 'port'> | null {
  if (protocol === 'FWM') {
    const mark = number(place);
    return mark === null ? null : { protocol, mark, address: null, port: null };
  }
  const at = splitAddress(place);
  if (!at || (protocol !== 'TCP' && protocol !== 'UDP' && protocol !== 'SCTP')) return null;
  return { protocol, mark: null, ...at };
}

/** `192.168.100.100:80` or `[fd00::10]:80`, the latter in lower case. */
function splitAddress(text: string): { readonly address: string; readonly port: number } | null {
  const found = /^(?:\[([0-9A-Fa-f:.%]+)\]|([0-9.]+)):(\d{1,5})$/.exec(text);
  if (!found) return null;
  return { address: (found[1] ?? found[2] ?? '').toLowerCase(), port: Number(found[3]) };
}

function number(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

const factors: Readonly<Record<string, number>> = {
  '': 1,
  K: 1_000,
  M: 1_000_000,
  G: 1_000_000_000,
  T: 1_000_000_000_000,
};

/** ipvsadm shortens large numbers with powers of a thousand. */
function scaled(text: string): number | null {
  const found = /^(\d{1,15})([KMGT]?)$/.exec(text);
  return found ? Number(found[1]) * (factors[found[2] ?? ''] ?? 1) : null;
}
