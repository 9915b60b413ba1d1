import type { RealServerReading, RealServerStatus } from '#shared/domain/appliance/reading';
import { namesAddress, normalAddress, portsOf } from '../parsers/address';
import type { ConfigRealServer, ConfigService } from '../parsers/config-model';
import {
  destinationKey,
  serviceKey,
  type IpvsDestination,
  type IpvsNumbers,
  type IpvsService,
} from '../parsers/ipvsadm';

export interface Layer4Facts {
  readonly table: readonly IpvsService[];
  readonly rates: ReadonlyMap<string, IpvsNumbers> | null;
  /** Texts of the definition files by firewall mark; `null` when they were not read. */
  readonly marks: ReadonlyMap<number, string> | null;
  readonly quiescent: boolean | null;
  readonly checkTexts: ReadonlyMap<string, string>;
}

export interface ServiceState {
  readonly onFallback: boolean | null;
  readonly realServers: readonly RealServerReading[];
}

/** The state of a layer 4 service from the kernel's table; `null` when the table does not have it. */
export function layer4State(service: ConfigService, facts: Layer4Facts): ServiceState | null {
  const entries = entriesOf(service, facts);
  if (entries.length === 0) return null;
  const onFallback = entries.some((entry) => entry.destinations.some((target) => isFallback(service, target)));
  return { onFallback, realServers: service.realServers.map((real) => realState(service, real, entries, facts)) };
}

function entriesOf(service: ConfigService, facts: Layer4Facts): readonly IpvsService[] {
  const address = normalAddress(service.address);
  const ports = portsOf(service.ports);
  const direct = facts.table.filter(
    (entry) =>
      entry.address !== null &&
      normalAddress(entry.address) === address &&
      ports.includes(String(entry.port)) &&
      speaks(service, entry),
  );
  if (direct.length > 0) return direct;
  const marked = facts.table.filter((entry) => entry.mark !== null);
  if (service.protocol === 'fwm') return marked.filter((entry) => service.ports === String(entry.mark));
  if (facts.marks) {
    const { marks } = facts;
    const named = marked.filter((entry) => defines(marks.get(entry.mark ?? 0) ?? '', service, ports));
    if (named.length > 0) return named;
  }
  // Without definitions only an unmistakable entry counts: every destination belongs to this service [I].
  const own = new Set(service.realServers.map((real) => normalAddress(real.address)));
  const alike = marked.filter(
    (entry) =>
      !facts.marks?.has(entry.mark ?? 0) &&
      entry.destinations.length > 0 &&
      entry.destinations.every((target) => own.has(normalAddress(target.address)) || isFallback(service, target)),
  );
  return alike.length === 1 ? alike : [];
}

function speaks(service: ConfigService, entry: IpvsService): boolean {
  if (service.protocol === 'udp') return entry.protocol === 'UDP';
  return service.protocol === 'tcp' || service.protocol === null ? entry.protocol === 'TCP' : entry.protocol !== 'FWM';
}

function defines(definition: string, service: ConfigService, ports: readonly string[]): boolean {
  if (!namesAddress(definition, service.address)) return false;
  const words = new Set(definition.split(/[^0-9:-]+/).map((word) => word.replace('-', ':')));
  return ports.every((port) => words.has(port));
}

/** The unit's own fallback page stands on 127.0.0.1:9081 [I]. */
function isFallback(service: ConfigService, target: IpvsDestination): boolean {
  const address = normalAddress(target.address);
  if (service.realServers.some((real) => normalAddress(real.address) === address)) return false;
  if (address === '127.0.0.1' || address === '::1' || target.forward === 'Local') return true;
  return service.fallback !== null && normalAddress(service.fallback.address) === address;
}

function targetOf(real: ConfigRealServer, entry: IpvsService): IpvsDestination | undefined {
  const here = entry.destinations.filter((target) => normalAddress(target.address) === normalAddress(real.address));
  if (real.port === null) return here[0];
  return (
    here.find((target) => target.port === real.port) ?? here.find((target) => target.port === 0 || here.length === 1)
  );
}

function realState(
  service: ConfigService,
  real: ConfigRealServer,
  entries: readonly IpvsService[],
  facts: Layer4Facts,
): RealServerReading {
  const found = entries.flatMap((entry) => {
    const target = targetOf(real, entry);
    return target ? [{ target, rate: facts.rates?.get(destinationKey(serviceKey(entry), target)) ?? null }] : [];
  });
  const status = statusOf(
    real,
    found.map(({ target }) => target),
    facts.quiescent,
  );
  return {
    name: real.name,
    address: real.address,
    port: real.port,
    status,
    ...(status === 'online' && isPartly(found, entries) && { partly: true }),
    weight: real.weight,
    activeConnections: sum(found.map(({ target }) => target.activeConnections)),
    inactiveConnections: sum(found.map(({ target }) => target.inactiveConnections)),
    connectionsPerSecond: sum(found.map(({ rate }) => rate?.connections ?? null)),
    checkText: status === 'failed' ? (facts.checkTexts.get(real.name) ?? null) : null,
  };
}

/** A service may have an entry for each port. Online at one of them is not online: clients of the others find nothing. */
function isPartly(found: readonly { readonly target: IpvsDestination }[], entries: readonly IpvsService[]): boolean {
  return found.length < entries.length || found.some(({ target }) => target.weight === 0);
}

/**
 * In the table with weight: online, whatever the configuration says. Weight 0: drained, or failed where ldirectord is
 * quiescent and nobody drained it. Not in the table: halted or failed, by the configuration [T][I].
 */
function statusOf(
  real: ConfigRealServer,
  targets: readonly IpvsDestination[],
  quiescent: boolean | null,
): RealServerStatus | null {
  if (targets.length === 0) return real.wanted === 'in' ? 'failed' : 'halted';
  if (targets.some((target) => target.weight === null)) return null;
  if (targets.some((target) => target.weight !== 0)) return 'online';
  return real.wanted === 'in' && quiescent === true ? 'failed' : 'drained';
}

function sum(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}
