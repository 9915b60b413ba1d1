import { plainError } from '#shared/contract/plain-error';
import type { DrCell, DrColumn, DrItem, DrRow, DrWire } from '#shared/contract/direct-routing';
import type { RealServerReading, VirtualServiceReading } from '#shared/domain/appliance/reading';
import { isLoopback, normaliseMac, verdictOf, type ClientVerdict } from '#shared/domain/direct-routing/index';
import { clientCells } from './client-cells';
import type { Clients } from './clients';
import type { DrEstate, DrPair, DrServer } from './deps';
import { differenceOfServer, drServicesOf, serverAt } from './read';
import type { States } from './states';
import type { Wires } from './wires';

export interface MatrixParts {
  readonly estate: DrEstate;
  readonly states: States;
  readonly wires: Wires;
  readonly clients: Clients;
  readonly jobOf: (unitId: string) => string | null;
}

interface RowSource {
  readonly id: string;
  readonly server: DrServer | null;
  readonly address: string;
  readonly reals: readonly { readonly service: VirtualServiceReading; readonly real: RealServerReading }[];
}

/** Both truths side by side: what the appliances do, what Windows holds, who answers ARP. Keyed as the stream is. */
export function matrixOf(parts: MatrixParts): ReadonlyMap<string, DrItem> {
  const items = new Map<string, DrItem>();
  let order = 0;
  for (const pair of parts.estate.pairs()) {
    const services = drServicesOf(pair);
    if (services.length === 0) continue;
    const columns = [...services].sort((a, b) => addressOrder(services, a) - addressOrder(services, b));
    for (const service of columns) {
      const column = toColumn(pair, service, order++);
      items.set(`column:${column.id}`, column);
    }
    const clients = new Map(services.map((service) => [service, clientCells(parts, pair, service)]));
    for (const source of rowsOf(parts.estate, pair, services)) {
      const cells = source.reals.map(({ service, real }) =>
        toCell(parts, pair, source, service, real, clients.get(service)?.(real, source.id)),
      );
      for (const cell of cells) items.set(`cell:${cell.rowId}|${cell.columnId}`, cell);
      items.set(`row:${source.id}`, toRow(parts, pair, source, cells, order++));
    }
    for (const address of new Set(services.map((service) => service.address))) {
      items.set(`wire:${pair.id}|${address}`, toWire(parts, pair, address));
    }
  }
  for (const [key, item] of parts.clients.all()) {
    const there = item.rowId === null || items.has(`row:${item.rowId}`);
    if (there && items.has(`column:${item.pairId}/${item.serviceName}`)) items.set(key, item);
  }
  return items;
}

/** Services of one address stand side by side. */
function addressOrder(services: readonly VirtualServiceReading[], of: VirtualServiceReading): number {
  return services.findIndex((service) => service.address === of.address);
}

function columnId(pair: DrPair, service: VirtualServiceReading): string {
  return `${pair.id}/${service.name}`;
}

function toColumn(pair: DrPair, service: VirtualServiceReading, order: number): DrColumn {
  return {
    kind: 'column',
    id: columnId(pair, service),
    pairId: pair.id,
    serviceName: service.name,
    address: service.address,
    ports: service.ports,
    protocol: service.protocol,
    order,
  };
}

/** One row a Windows server; one an address where the inventory knows no server for it. */
function rowsOf(estate: DrEstate, pair: DrPair, services: readonly VirtualServiceReading[]): readonly RowSource[] {
  const rows = new Map<string, RowSource>();
  for (const service of services) {
    for (const real of service.realServers) {
      const server = serverAt(estate, real.address);
      const id = `${pair.id}/${server?.id ?? real.address}`;
      const row = rows.get(id) ?? { id, server, address: real.address, reals: [] };
      rows.set(id, { ...row, reals: [...row.reals, { service, real }] });
    }
  }
  return [...rows.values()];
}

function toCell(
  parts: MatrixParts,
  pair: DrPair,
  row: RowSource,
  service: VirtualServiceReading,
  real: RealServerReading,
  client: ClientVerdict | undefined,
): DrCell {
  const state = parts.states.fresh(row.server?.id ?? null);
  const difference =
    row.server === null || state === null
      ? null
      : (differenceOfServer(parts.estate, row.server, state)?.difference ?? null);
  const verdict = verdictOf(service.address, difference);
  const answers = answersArp(parts, pair, row, [service.address]) === 'answers';
  const cell = {
    kind: 'cell' as const,
    rowId: row.id,
    columnId: columnId(pair, service),
    ...applianceSide(pair, real),
    reasons: [...verdict.reasons, ...(client?.reasons ?? [])],
    asOf: asOf(parts, pair, row),
    client: clientOf(client, verdict.server),
  };
  if (answers && verdict.server === 'proved') return { ...cell, server: 'fix-missing', serverWord: 'answers ARP' };
  // Windows holds what it should, and yet a client was not served: then nothing is proved.
  if (verdict.server === 'proved' && client?.word != null) {
    return { ...cell, server: 'unknown', serverWord: client.word.slice(0, 120) };
  }
  return { ...cell, server: verdict.server, serverWord: verdict.word };
}

/** Through the VIP the others may have served: that says nothing for a server that is not proved itself. */
function clientOf(client: ClientVerdict | undefined, server: DrCell['server']): DrCell['client'] {
  if (client === undefined || (client.client === 'ok' && server !== 'proved')) return 'unknown';
  return client.client;
}

/** A cell is as old as the older of both truths. */
function asOf(parts: MatrixParts, pair: DrPair, row: RowSource): number | null {
  const windows = row.server === null ? null : (parts.states.of(row.server.id).state?.readAt ?? null);
  return pair.readAt === null || windows === null ? null : Math.min(pair.readAt, windows);
}

function applianceSide(
  pair: DrPair,
  real: RealServerReading,
): { readonly applianceState: DrCell['applianceState']; readonly applianceWord: string } {
  if (!pair.fresh || real.status === null) return { applianceState: 'unknown', applianceWord: 'unknown' };
  switch (real.status) {
    case 'online': {
      const weight = real.weight === null ? 'in' : `in, weight ${real.weight}`;
      return { applianceState: 'in', applianceWord: weight };
    }
    case 'failed': {
      // `104 refused`: the port stands in the column already.
      const why = real.checkText?.replace(/^\d+\s+/, '').slice(0, 100) ?? '';
      return { applianceState: 'out', applianceWord: why === '' ? 'out' : `out, ${why}` };
    }
    case 'drained':
      return { applianceState: 'drained', applianceWord: 'drained' };
    case 'halted':
      return { applianceState: 'halted', applianceWord: 'halted' };
  }
}

function toRow(parts: MatrixParts, pair: DrPair, row: RowSource, cells: readonly DrCell[], order: number): DrRow {
  const known = row.server === null ? null : parts.states.of(row.server.id);
  const addresses = [...new Set(row.reals.map(({ service }) => service.address))];
  const checked = addresses
    .filter((address) => isAsked(parts, pair, address))
    .map((address) => parts.wires.of(pair.id, address).checkedAt);
  const [first] = row.reals;
  return {
    kind: 'row',
    id: row.id,
    windowsId: row.server?.id ?? null,
    pairId: pair.id,
    pairName: pair.name,
    siteName: pair.siteName,
    name: row.server?.name ?? first?.real.name ?? row.address,
    address: row.address,
    labels: [...new Set(row.reals.map(({ real }) => real.name))],
    readAt: known?.state?.readAt ?? null,
    stale: row.server === null || parts.states.fresh(row.server.id) === null,
    error: known?.error == null ? null : plainError(known.error),
    wire: answersArp(parts, pair, row, addresses),
    wireCheckedAt: checked.length === 0 || checked.includes(null) ? null : Math.min(...checked.map((at) => at ?? 0)),
    needsFix: cells.some((cell) => cell.server === 'fix-missing'),
    jobId: row.server === null ? null : parts.jobOf(row.server.id),
    order,
  };
}

/** Does one of the server's own adapters answer for an address that only the appliance may answer for? */
function answersArp(parts: MatrixParts, pair: DrPair, row: RowSource, addresses: readonly string[]): DrRow['wire'] {
  const state = row.server === null ? null : parts.states.of(row.server.id).state;
  if (state === null) return 'unknown';
  const own = state.adapters
    .filter((adapter) => !isLoopback(adapter) && adapter.mac !== '')
    .map((adapter) => normaliseMac(adapter.mac));
  const wires = addresses
    .filter((address) => isAsked(parts, pair, address))
    .map((address) => parts.wires.of(pair.id, address));
  if (wires.some(({ macs }) => macs?.some((mac) => own.includes(normaliseMac(mac))) === true)) return 'answers';
  // Silent is said only where the server was read freshly and the question was heard: the active unit answered it.
  const blind = parts.states.fresh(row.server?.id ?? null) === null || own.length === 0;
  const unheard = wires.some(({ verdict }) => verdict === 'unknown' || verdict === 'nobody');
  return blind || unheard || wires.length === 0 ? 'unknown' : 'silent';
}

/** Every IPv4 address can be asked; for IPv6 there is seldom a tool, and then nothing is held against anybody. */
function isAsked(parts: MatrixParts, pair: DrPair, address: string): boolean {
  return !address.includes(':') || parts.wires.of(pair.id, address).macs !== null;
}

function toWire(parts: MatrixParts, pair: DrPair, address: string): DrWire {
  const wire = parts.wires.of(pair.id, address);
  return {
    kind: 'wire',
    pairId: pair.id,
    address,
    verdict: wire.verdict,
    answers: [...wire.answers],
    checkedAt: wire.checkedAt,
    from: wire.from,
    ...(wire.before !== null && { before: { ...wire.before, answers: [...wire.before.answers] } }),
  };
}
