import type { ApplianceReading, VirtualServiceReading } from '../appliance/reading';

/** A unit's state as sorted lines, so that two of them compare line by line and a person can read the difference. */
export interface Fingerprint {
  /** What is configured: the same on both units of a pair, whatever they do now. */
  readonly configuration: readonly string[];
  /** What is in service now. */
  readonly state: readonly string[];
}

/** Leaves out what changes by itself: connections, rates, clocks. And the version, which an update changes. */
export function fingerprintOf(reading: ApplianceReading): Fingerprint {
  const configuration = [
    `floating addresses ${sorted(reading.ha.floatingAddresses).join(' ') || 'none'}`,
    ...reading.services.flatMap(configurationOf),
  ];
  const state = [
    `role ${reading.ha.role ?? 'not read'}, ${reading.ha.state ?? 'state not read'}`,
    ...reading.services.flatMap((service) =>
      service.realServers.map((server) => `${service.name}/${server.name} ${server.status ?? 'not read'}`),
    ),
  ];
  return { configuration: sorted(configuration), state: sorted(state) };
}

function configurationOf(service: VirtualServiceReading): string[] {
  const check = service.check === null ? 'not read' : `${service.check.type} ${service.check.port ?? 'any port'}`;
  const head = `service ${service.name}: layer ${service.layer} ${service.address} ${service.ports}`;
  return [
    `${head} ${service.protocol ?? '?'} ${service.method ?? '?'} ${service.scheduler ?? '?'} check ${check}`,
    ...service.realServers.map(
      (server) =>
        `real server ${service.name}/${server.name}: ${server.address} port ${server.port ?? 'as asked'} weight ${server.weight ?? '?'}`,
    ),
  ];
}

export interface Differences {
  readonly gone: readonly string[];
  readonly added: readonly string[];
}

export function differences(before: readonly string[], after: readonly string[]): Differences {
  const old = new Set(before);
  const now = new Set(after);
  return { gone: before.filter((line) => !now.has(line)), added: after.filter((line) => !old.has(line)) };
}

/** Real servers that were online and are not: nothing else keeps a unit from counting as healthy again. */
export function lostServers(before: readonly string[], after: readonly string[]): readonly string[] {
  const now = new Set(after);
  return before.filter((line) => line.endsWith(' online') && !now.has(line)).map((line) => line.slice(0, -7));
}

function sorted(lines: readonly string[]): readonly string[] {
  return [...lines].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
