import { plural } from '../../../format';
import type { PairBranch, ServiceBranch, SiteBranch } from '../../../state/index';
import { geometryOf, type Geometry, type Level } from './geometry';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export interface PlacedServer {
  readonly id: string;
  readonly box: Box;
}
export interface PlacedService {
  readonly id: string;
  readonly box: Box;
  readonly servers: readonly PlacedServer[];
}
export interface PlacedUnit {
  readonly id: string;
  readonly box: Box;
}
export interface PlacedPair {
  readonly id: string;
  readonly frame: Box;
  readonly folded: boolean;
  /** For example `3 services, 8 real servers`. */
  readonly summary: string;
  readonly units: readonly PlacedUnit[];
  readonly services: readonly PlacedService[];
  /** Top and bottom of all that belongs to it. */
  readonly top: number;
  readonly bottom: number;
}
export interface PlacedSite {
  readonly id: string;
  readonly box: Box;
  readonly folded: boolean;
  /** For example `1 pair, 3 services, 8 real servers`. */
  readonly summary: string;
  readonly pairs: readonly PlacedPair[];
  /** The y of the lane of replies. */
  readonly lane: number | null;
}
export interface MapLayout {
  readonly level: Level;
  readonly geometry: Geometry;
  readonly width: number;
  readonly height: number;
  readonly sites: readonly PlacedSite[];
}

export interface LayoutOptions {
  readonly level: Level;
  readonly viewWidth: number;
  /** Ids of sites and pairs that are folded. */
  readonly folded: ReadonlySet<string>;
}

export function summaryOf(pairs: readonly PairBranch[]): string {
  return `${plural(pairs.length, 'pair')}, ${contents(pairs)}`;
}

function contents(pairs: readonly PairBranch[]): string {
  const services = pairs.flatMap((pair) => pair.services);
  const servers = services.reduce((sum, service) => sum + service.servers.length, 0);
  return `${plural(services.length, 'service')}, ${plural(servers, 'real server')}`;
}

const inset = 12;
const topInset = 10;

/**
 * Where everything stands. Depends on what there is, its order and what is folded, never on values: so nothing moves
 * when a value changes.
 */
export function layoutMap(tree: readonly SiteBranch[], options: LayoutOptions): MapLayout {
  const geometry = geometryOf(options.level, options.viewWidth);
  const step = geometry.bandWidth + geometry.bandGap;
  const columns = Math.max(1, Math.floor((options.viewWidth - 2 * inset + geometry.bandGap) / step));
  const sites: PlacedSite[] = [];
  let y = topInset;
  for (let first = 0; first < tree.length; first += columns) {
    const row = tree.slice(first, first + columns);
    const placed = row.map((site, column) => placeSite(site, inset + column * step, y, geometry, options.folded));
    sites.push(...placed);
    y += Math.max(...placed.map((site) => site.box.height)) + geometry.bandGap;
  }
  const used = Math.min(columns, Math.max(1, tree.length));
  return { level: options.level, geometry, width: 2 * inset + used * step - geometry.bandGap, height: y, sites };
}

function placeSite(
  site: SiteBranch,
  x: number,
  y: number,
  geometry: Geometry,
  folded: ReadonlySet<string>,
): PlacedSite {
  const { id } = site.node;
  if (folded.has(id) || site.pairs.length === 0) {
    const box = { x, y, width: geometry.bandWidth, height: geometry.head };
    return { id, box, folded: folded.has(id), summary: summaryOf(site.pairs), pairs: [], lane: null };
  }
  const pairs: PlacedPair[] = [];
  let top = y + geometry.firstTop;
  for (const pair of site.pairs) {
    const placed = placePair(pair, x, top, geometry, folded.has(pair.node.id));
    pairs.push(placed);
    top = placed.bottom + geometry.pairGap;
  }
  const bottom = top - geometry.pairGap;
  const box = { x, y, width: geometry.bandWidth, height: bottom + geometry.foot - y };
  const summary = summaryOf(site.pairs);
  return { id, box, folded: false, summary, pairs, lane: geometry.lane === null ? null : bottom + geometry.lane };
}

function placePair(pair: PairBranch, x: number, top: number, geometry: Geometry, folded: boolean): PlacedPair {
  const { frame, unit } = geometry;
  const count = pair.units.length;
  const frameHeight = frame.head + count * unit.height + Math.max(0, count - 1) * unit.gap + frame.pad;
  const shown = folded ? [] : pair.services;
  const rows = shown.map((service) => groupHeight(service, geometry));
  const servicesHeight =
    rows.reduce((sum, height) => sum + height, 0) + Math.max(0, rows.length - 1) * geometry.service.gap;
  const height = Math.max(frameHeight, servicesHeight);
  const frameTop = top + Math.round((height - frameHeight) / 2);
  const services: PlacedService[] = [];
  let y = top + Math.round((height - servicesHeight) / 2);
  shown.forEach((service, index) => {
    const group = rows[index] ?? 0;
    services.push(placeService(service, x, y, group, geometry));
    y += group + geometry.service.gap;
  });
  return {
    id: pair.node.id,
    folded,
    summary: contents([pair]),
    frame: { x: x + frame.x, y: frameTop, width: frame.width, height: frameHeight },
    units: pair.units.map((node, index) => ({
      id: node.id,
      box: {
        x: x + frame.x + (frame.width - unit.width) / 2,
        y: frameTop + frame.head + index * (unit.height + unit.gap),
        width: unit.width,
        height: unit.height,
      },
    })),
    services,
    top,
    bottom: top + height,
  };
}

function groupHeight(service: ServiceBranch, { server, service: own }: Geometry): number {
  return Math.max(own.height, service.servers.length * server.pitch - (server.pitch - server.height));
}

function placeService(branch: ServiceBranch, x: number, y: number, height: number, geometry: Geometry): PlacedService {
  const { server, service } = geometry;
  const used = branch.servers.length * server.pitch - (server.pitch - server.height);
  const first = y + Math.round((height - used) / 2);
  return {
    id: branch.node.id,
    box: {
      x: x + service.x,
      y: y + Math.round((height - service.height) / 2),
      width: service.width,
      height: service.height,
    },
    servers: branch.servers.map((node, index) => ({
      id: node.id,
      box: { x: x + server.x, y: first + index * server.pitch, width: server.width, height: server.height },
    })),
  };
}
