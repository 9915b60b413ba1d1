/** Why a server's state is not the wanted one. Closed: views and tests switch on it. */
export const reasonCodes = {
  'not-read': 'The server has not been read.',
  'read-denied': 'The account cannot read or change the network of the server.',
  'no-loopback': 'There is no loopback adapter.',
  'loopback-disabled': 'The loopback adapter is disabled.',
  'loopback-driver': 'The driver of the loopback adapter reports a problem.',
  'several-loopbacks': 'There is more than one loopback adapter.',
  'no-address': 'The loopback adapter does not hold the address.',
  'wrong-mask': 'The address has the wrong mask.',
  'skip-as-source': 'Windows may use the address as a source.',
  'address-not-preferred': 'The address is not usable yet.',
  'address-duplicate': 'Another host on the segment holds the address.',
  'vip-on-other-adapter': 'The address sits on another adapter, which answers ARP for it.',
  'vip-on-other-loopback': 'The address sits on another loopback adapter.',
  'foreign-address': 'The loopback adapter holds an address that belongs to no service; it is kept.',
  'stale-address': 'A loopback adapter holds the address of a service that this server is not in any more.',
  'stale-unsure':
    'The services of a pair are not known: it was not read, or left the inventory. What may be in use there is kept.',
  'vip-unknown': 'The service has no address that could be put on the loopback adapter.',
  'network-prefix':
    'The prefix of the network puts a route for the LAN on the loopback adapter, behind that of the LAN.',
  'prefix-unknown': 'No address of the LAN shares a network with this one; it gets the host prefix.',
  'protocol-off': 'The protocol is bound to the loopback adapter, yet Windows gives it no interface.',
  'weak-host-receive-loopback': 'The loopback adapter does not receive for other interfaces.',
  'weak-host-send-loopback': 'The loopback adapter does not send for other interfaces.',
  dad: 'Duplicate address detection is on.',
  dhcp: 'The loopback adapter asks for an address by DHCP.',
  metric: 'The interface metric is not 254.',
  'dns-registration': 'The address is registered in DNS.',
  binding: 'Components are bound that must not be, or the protocol is not.',
  netbios: 'NetBIOS over TCP/IP is on.',
  'weak-host-receive-lan': 'The LAN adapter does not receive for other interfaces.',
  'lan-not-found': 'No adapter owns the real server address.',
  'lan-not-bound': 'The LAN adapter has no interface of this family.',
  'firewall-closed': 'No inbound rule lets the port in; one that opens every port to a single program does not count.',
  'firewall-unknown': 'The firewall could not be read.',
  'ports-unknown': 'The service is chosen by a firewall mark: its ports are not known here.',
  'cluster-present': 'The failover cluster service is installed.',
  'nlb-present': 'Network Load Balancing is bound.',
  'pending-reboot': 'The server waits for a restart.',
} as const satisfies Record<string, string>;

export type ReasonCode = keyof typeof reasonCodes;

/**
 * `fix`: the plan changes it. `stop`: only a person can, and nothing is planned until then. `report`: told, left as it
 * is, no reason against the verdict.
 */
export type Level = 'fix' | 'stop' | 'report';

/** One value of the server beside the wanted one. */
export interface Check {
  /** The row of the before and after list it belongs to, for example `Loopback weak host`. */
  readonly row: string;
  readonly before: string;
  readonly after: string;
  /** `null`: as wanted. */
  readonly code: ReasonCode | null;
  readonly level: Level;
  /** The VIP it concerns; `null`: all of them. */
  readonly address: string | null;
}

/** A value as wanted, or the reason why it is not. */
export function check(
  row: string,
  values: { readonly before: string; readonly after: string; readonly address?: string | null },
  code: ReasonCode | null,
  level: Level = 'fix',
): Check {
  return { row, before: values.before, after: values.after, code, level, address: values.address ?? null };
}

/** The sentence of a check that differs. */
export function reasonText(item: Check): string {
  if (item.code === null) return '';
  const where = item.address === null ? '' : `${item.address}: `;
  const wanted = item.before === item.after ? '' : `, wanted ${item.after}`;
  return `${where}${reasonCodes[item.code]} Now ${item.before}${wanted}.`;
}
