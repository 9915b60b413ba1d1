import ipaddr from 'ipaddr.js';
import type { FirewallState, NetworkAdapter } from '#shared/domain/windows/network-state';
import type { Appliance, RealServer, RealServerName, VirtualService, WindowsHost, WorldState } from './types';

/** Who answers when somebody on the segment asks for an address. */
export interface ArpAnswer {
  readonly unit: string;
  readonly mac: string;
}

export type CheckResult = { readonly ok: true } | { readonly ok: false; readonly text: string };

/** Does a client's connection, sent on by the appliance to this real server, come about? */
export type Delivery =
  | { readonly reaches: true }
  | {
      readonly reaches: false;
      readonly reason: 'no-host' | 'no-address' | 'weak-host' | 'on-link-route' | 'firewall' | 'not-listening';
    };

const loopbackHardware = '*MSLOOP';

/** Addresses are compared by value, so that `fd4a:0::1` equals `fd4a::1`. */
export function sameAddress(a: string, b: string): boolean {
  if (a === b) return true;
  if (!ipaddr.isValid(a) || !ipaddr.isValid(b)) return false;
  return ipaddr.process(a).toNormalizedString() === ipaddr.process(b).toNormalizedString();
}

export function isIpv6(address: string): boolean {
  return address.includes(':');
}

/** The hosts of a segment (a site) that answer ARP, or neighbour solicitation, for an address. */
export function whoAnswers(state: WorldState, segment: string, address: string): ArpAnswer[] {
  const answers: ArpAnswer[] = [];
  for (const unit of state.appliances) {
    const pair = state.pairs.find((item) => item.name === unit.pair);
    if (pair?.site !== segment || unit.power !== 'on') continue;
    const floats = unit.ha === 'active' && pair.floatingAddresses.some((item) => sameAddress(item, address));
    if (floats || sameAddress(unit.address, address)) answers.push({ unit: unit.name, mac: unit.mac });
  }
  for (const host of state.windows) {
    if (host.site !== segment) continue;
    // The loopback adapter hangs on no wire: an address on it is never asked for there [G].
    const owner = host.network.adapters.find((item) => !isLoopback(item) && holds(item, address));
    if (owner) answers.push({ unit: host.name, mac: owner.mac });
  }
  return answers;
}

/** The Windows server behind a real server's address. */
export function hostOf(state: WorldState, segment: string, address: string): WindowsHost | null {
  return (
    state.windows.find(
      (host) =>
        host.site === segment && host.network.adapters.some((item) => !isLoopback(item) && holds(item, address)),
    ) ?? null
  );
}

/** The health check goes to the real server's own address, so it says nothing about the Direct Routing fix. */
export function checkRealServer(
  state: WorldState,
  segment: string,
  service: VirtualService,
  real: RealServer,
  failing: readonly RealServerName[],
): CheckResult {
  if (service.check.type === 'off' || service.check.type === 'on') return { ok: true };
  const port = checkPort(service, real);
  if (failing.some((item) => item.service === service.label && item.realServer === real.label)) {
    return { ok: false, text: `${port} refused` };
  }
  const host = hostOf(state, segment, real.address);
  if (!host) return { ok: false, text: `${port} timed out` };
  if (service.check.type === 'ping') return { ok: true };
  if (!firewallAllows(host.network.firewall, port, 'Domain')) return { ok: false, text: `${port} timed out` };
  return host.listening.includes(port) ? { ok: true } : { ok: false, text: `${port} refused` };
}

export function checkPort(service: VirtualService, real: RealServer): number {
  return Number(service.check.port || real.port || servicePorts(service)[0]);
}

/** The single ports of a service; of a range the first and the last. */
export function servicePorts(service: VirtualService): number[] {
  return service.ports.split(/[,:-]/).map(Number);
}

export function delivery(state: WorldState, segment: string, service: VirtualService, real: RealServer): Delivery {
  const host = hostOf(state, segment, real.address);
  if (!host) return { reaches: false, reason: 'no-host' };
  const ports = real.port ? [Number(real.port)] : servicePorts(service);
  if (!ports.every((port) => host.listening.includes(port))) return { reaches: false, reason: 'not-listening' };
  if (service.forwarding !== 'gate') {
    const open = ports.every((port) => firewallAllows(host.network.firewall, port, 'Domain'));
    return open ? { reaches: true } : { reaches: false, reason: 'firewall' };
  }
  return directDelivery(host, service.address, real.address, ports);
}

/** Does a client reach a server at its own address? */
export function deliveryTo(state: WorldState, segment: string, address: string, port: number): Delivery {
  const host = hostOf(state, segment, address);
  if (!host) return { reaches: false, reason: 'no-host' };
  if (!firewallAllows(host.network.firewall, port, 'Domain')) return { reaches: false, reason: 'firewall' };
  return host.listening.includes(port) ? { reaches: true } : { reaches: false, reason: 'not-listening' };
}

/** The packet arrives at the real server's MAC with the service's address still in it: Windows must own that address. */
function directDelivery(host: WindowsHost, vip: string, realAddress: string, ports: readonly number[]): Delivery {
  const owners = host.network.adapters.filter((item) => holds(item, vip));
  const loopback = owners.find(isLoopback);
  const lan = host.network.adapters.find((item) => !isLoopback(item) && holds(item, realAddress));
  if (!owners.length || !lan) return { reaches: false, reason: 'no-address' };
  if (!loopback) {
    // The address sits on the LAN adapter: packets are taken in, and ARP is answered beside the appliance.
    return ports.every((port) => firewallAllows(host.network.firewall, port, 'Domain'))
      ? { reaches: true }
      : { reaches: false, reason: 'firewall' };
  }
  const six = isIpv6(vip);
  const inner = six ? loopback.ipv6 : loopback.ipv4;
  const outer = six ? lan.ipv6 : lan.ipv4;
  if (!outer?.weakHostReceive || !inner?.weakHostReceive || !inner.weakHostSend) {
    return { reaches: false, reason: 'weak-host' };
  }
  const mask = loopback.addresses.find((item) => sameAddress(item.address, vip))?.prefixLength ?? 0;
  // A wider IPv4 mask puts the LAN's own route on the loopback: replies to the LAN go nowhere.
  if (!six && mask !== 32) return { reaches: false, reason: 'on-link-route' };
  const open = ports.every((port) => firewallAllows(host.network.firewall, port, 'Public'));
  return open ? { reaches: true } : { reaches: false, reason: 'firewall' };
}

function isLoopback(adapter: NetworkAdapter): boolean {
  return adapter.hardwareId.toUpperCase() === loopbackHardware;
}

function holds(adapter: NetworkAdapter, address: string): boolean {
  const component = isIpv6(address) ? 'ms_tcpip6' : 'ms_tcpip';
  const bound = adapter.bindings.every((item) => item.component !== component || item.enabled);
  return (
    adapter.status === 'up' &&
    adapter.driverOk &&
    bound &&
    adapter.addresses.some((item) => item.state === 'Preferred' && sameAddress(item.address, address))
  );
}

function firewallAllows(firewall: FirewallState, port: number, profile: 'Domain' | 'Public'): boolean {
  const active = firewall.profiles?.find((item) => item.name === profile);
  if (!active?.enabled) return true;
  return firewall.allowRules.some(
    (rule) =>
      (rule.profiles.includes('Any') || rule.profiles.includes(profile)) &&
      rule.protocol !== 'UDP' &&
      rule.localPorts.some((range) => portInRange(range, port)),
  );
}

function portInRange(range: string, port: number): boolean {
  if (range === 'Any') return true;
  const [first, last] = range.split('-').map(Number);
  return first !== undefined && port >= first && port <= (last ?? first);
}

export type InService = 'online' | 'drained' | 'halted' | 'failed';

/** How a unit treats a real server now: its configuration first, then its check. */
export function inService(state: WorldState, unit: Appliance, service: VirtualService, real: RealServer): InService {
  if (real.intent === 'halted') return 'halted';
  const segment = state.pairs.find((pair) => pair.name === unit.pair)?.site ?? '';
  if (!checkRealServer(state, segment, service, real, unit.failingChecks).ok) return 'failed';
  return real.intent === 'drained' || real.weight === 0 ? 'drained' : 'online';
}
