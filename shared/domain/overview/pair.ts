import type { PairNode } from '../../contract/overview';
import { configurationTold } from '../appliance/configuration-told';
import type { VirtualServiceReading } from '../appliance/reading';
import type { State } from '../state';
import { cleanLabel } from './clean';
import type { PairInput, UnitInput } from './types';
import { hasIdentityAlarm, isDown, isFresh, unitVerdict } from './unit';

interface Verdict {
  readonly state: State;
  readonly word: string;
}

/** How the units of a pair stand to each other. The services have their own states. */
export function pairVerdict(units: readonly UnitInput[], now: number): Verdict {
  const fresh = units.filter((unit) => isFresh(unit, now));
  if (fresh.filter((unit) => unit.reading?.ha.state === 'active').length > 1) {
    return { state: 'failed', word: 'both active' };
  }
  const alarmed = units.find(hasIdentityAlarm);
  if (alarmed) return { ...unitVerdict(alarmed, now), state: 'failed' };
  if (units.some((unit) => unit.job?.updating === true)) return { state: 'drained', word: 'updating' };
  if (units.length > 0 && units.every(isDown)) return { state: 'failed', word: 'no unit answers' };
  const down = units.find(isDown);
  if (down) return { state: 'degraded', word: cleanLabel(`${down.name} does not answer`) };
  if (fresh.length === 0) {
    const never = units.every((unit) => unit.reading === null && unit.failures === 0);
    return { state: 'unknown', word: never ? 'not read yet' : 'cannot be read' };
  }
  const silent = units.find((unit) => !isFresh(unit, now));
  if (silent) return { state: 'unknown', word: cleanLabel(`${silent.name} cannot be read`) };
  const [one, two] = units;
  if (one && !two) return oneUnit(one);
  return bothRead(units);
}

function oneUnit(unit: UnitInput): Verdict {
  // A member of a pair whose other half is not in the inventory: nothing can be said of the pair.
  return { state: unit.reading?.ha.role === 'single' ? 'healthy' : 'unknown', word: 'one unit' };
}

function bothRead(units: readonly UnitInput[]): Verdict {
  const ha = units.map((unit) => unit.reading?.ha);
  if (ha.every((reading) => reading?.state === 'passive')) return { state: 'failed', word: 'none active' };
  if (ha.some((reading) => !reading?.state)) return { state: 'unknown', word: 'active or passive unknown' };
  if (ha.some((reading) => reading?.peerAlive === false)) return { state: 'degraded', word: 'no heartbeat' };
  if (!ha.some((reading) => reading?.peerAlive === true)) return { state: 'unknown', word: 'heartbeat unknown' };
  const versions = new Set(units.map((unit) => unit.reading?.version ?? null));
  if (versions.has(null)) return { state: 'unknown', word: 'version unknown' };
  if (versions.size > 1) return { state: 'degraded', word: 'two versions' };
  const unread = units.find(({ reading }) => reading === null || !configurationTold(reading));
  if (unread) return { state: 'unknown', word: cleanLabel(`configuration of ${unread.name} unknown`) };
  if (new Set(units.map(configuration)).size > 1) return { state: 'degraded', word: 'configuration differs' };
  return { state: 'healthy', word: 'in sync' };
}

/** The configured services in one text. */
function configuration({ reading }: UnitInput): string {
  const service = ({ name, layer, address, ports, method, realServers }: VirtualServiceReading): unknown[] => [
    ...[name, layer, address, ports, method],
    realServers.map((server) => [server.name, server.address]).sort(),
  ];
  return JSON.stringify((reading?.services ?? []).map((item) => JSON.stringify(service(item))).sort());
}

/** The one unit that is known to be active; a single unit is. */
export function activeUnit(units: readonly UnitInput[], now: number): UnitInput | null {
  const active = units.filter((unit) => isFresh(unit, now) && isActive(unit));
  return active.length === 1 ? (active[0] ?? null) : null;
}

function isActive({ reading }: UnitInput): boolean {
  return reading?.ha.state === 'active' || (reading?.ha.role === 'single' && reading.ha.state === null);
}

export function pairNode(input: PairInput, now: number): PairNode {
  const reads = input.units.map((unit) => unit.reading?.readAt ?? null);
  const read = reads.filter((at) => at !== null);
  return {
    kind: 'pair',
    id: input.pairId,
    siteId: input.siteId,
    name: cleanLabel(input.pairName),
    ...pairVerdict(input.units, now),
    // No channel gives the heartbeat's measured interval; the configured one is not it.
    heartbeatSeconds: null,
    order: input.order,
    readAt: read.length === 0 ? null : Math.min(...read),
    stale: input.units.some((unit) => unit.reading !== null && !isFresh(unit, now)),
    since: null,
  };
}
