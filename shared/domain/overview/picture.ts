import type { OverviewNode, ServerNode } from '../../contract/overview';
import type { ApplianceReading, VirtualServiceReading } from '../appliance/reading';
import { nextAgeChange } from './age';
import { activeUnit, pairNode } from './pair';
import { notNeeded, serverNode, usesDirectRouting, type Trust } from './server';
import { serviceNode } from './service';
import type { DrFact, PairInput, PairPicture, UnitInput } from './types';
import { isFresh, staleAt, unitNode } from './unit';

/**
 * The nodes of one pair from what was read of its units and of its Windows servers. Pure: the same input gives the same
 * picture. Nothing that is unknown or stale comes out as healthy.
 */
export function pairPicture(input: PairInput, now: number): PairPicture {
  const nodes = new Map<string, OverviewNode>();
  const unsettled = new Set<string>();
  const links = new Map<string, { serviceName: string; label: string }[]>();
  const changes: number[] = [];
  const put = (node: OverviewNode, settled: boolean): void => {
    nodes.set(node.id, node);
    if (!settled) unsettled.add(node.id);
  };
  const settled = input.units.every((unit) => unit.attempted);
  put(pairNode(input, now), settled);
  input.units.forEach((unit, order) => {
    put(unitNode(unit, input.pairId, order, now), unit.attempted);
    const limit = staleAt(unit);
    if (limit !== null && isFresh(unit, now)) changes.push(limit + 1);
    else if (unit.reading !== null) changes.push(nextAgeChange(unit.reading.readAt, now));
  });
  const active = activeUnit(input.units, now);
  const source = chooseSource(input.units, active, now);
  if (source === null) return { nodes, unsettled, links, activeUnitId: null, nextChangeAt: earliest(changes) };
  const { reading, trust } = source;
  const uniqueIds = new Set<string>();
  reading.services.forEach((service, order) => {
    const id = unique(uniqueIds, `${input.pairId}/${service.name}`);
    const facts: DrFact[] = [];
    const servers = service.realServers.map((server, index): ServerNode => {
      const windows = input.windowsAt(server.address);
      if (windows) push(links, windows.id, { serviceName: service.name, label: server.name });
      const dr = usesDirectRouting(service)
        ? input.drOf(query(input, service, server.address, windows?.id))
        : notNeeded;
      facts.push(dr);
      if (dr.verdict === 'unknown' && dr.readAt !== null) changes.push(nextAgeChange(dr.readAt, now));
      const place = {
        id: unique(uniqueIds, `${id}/${server.name}`),
        serviceId: id,
        pairId: input.pairId,
        order: index,
      };
      return serverNode(server, { ...place, windows }, trust, reading.readAt, dr, now);
    });
    const ready = settled && facts.every((dr) => !dr.pending);
    put(serviceNode(service, servers, { id, pairId: input.pairId, order }, trust, reading.readAt, now), ready);
    servers.forEach((server, index) => put(server, settled && facts[index]?.pending !== true));
  });
  return { nodes, unsettled, links, activeUnitId: active?.id ?? null, nextChangeAt: earliest(changes) };
}

/** The active unit's reading; else a passive one's configuration; else the newest there is, as stale. */
function chooseSource(
  units: readonly UnitInput[],
  active: UnitInput | null,
  now: number,
): { readonly reading: ApplianceReading; readonly trust: Trust } | null {
  if (active?.reading) return { reading: active.reading, trust: 'live' };
  const read = units.flatMap((unit) => (unit.reading === null ? [] : [{ unit, reading: unit.reading }]));
  const fresh = read.find(({ unit }) => isFresh(unit, now));
  // Numbers that were live a moment ago tell more than a passive unit's configuration; their age is shown.
  const last = newest(read.filter(({ reading }) => reading.ha.state === 'active').map(({ reading }) => reading));
  if (last) return { reading: last, trust: 'stale' };
  if (fresh) return { reading: fresh.reading, trust: 'configured' };
  const any = newest(read.map(({ reading }) => reading));
  return any === null ? null : { reading: any, trust: 'stale' };
}

function newest(readings: readonly ApplianceReading[]): ApplianceReading | null {
  return readings.reduce<ApplianceReading | null>(
    (best, reading) => (best === null || reading.readAt > best.readAt ? reading : best),
    null,
  );
}

function query(
  input: PairInput,
  service: VirtualServiceReading,
  address: string,
  windowsId: string | undefined,
): Parameters<PairInput['drOf']>[0] {
  const { name, ports } = service;
  return {
    pairId: input.pairId,
    windowsId: windowsId ?? null,
    address,
    service: { name, address: service.address, ports },
  };
}

/** Two services may bear one name, at layer 4 and at layer 7; and what a unit says may be long. */
function unique(taken: Set<string>, wanted: string): string {
  const base = wanted.slice(0, 190);
  let id = base;
  for (let number = 2; taken.has(id); number += 1) id = `${base}#${number}`;
  taken.add(id);
  return id;
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function earliest(times: readonly number[]): number | null {
  return times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b));
}
