import type { DrawCommand, Point } from './commands';
import type { Geometry } from './geometry';
import type { PlacedPair, PlacedServer, PlacedService, PlacedSite } from './layout';
import { nodeOf, type FindNode } from './map-nodes';

const usual = { colour: 'edge', width: 1.5 } as const;
const chosen = { colour: 'accent', width: 2 } as const;
const headRoom = 3;

/** The ids from the selected node up to its pair: their request path is drawn in accent. */
export type Path = ReadonlySet<string>;

export function middle(box: { readonly y: number; readonly height: number }): number {
  return box.y + box.height / 2;
}

/** Where requests enter a pair: the middle of its active unit, or of the frame while none is known to be active. */
export function entry(pair: PlacedPair, find: FindNode): { readonly y: number; readonly known: boolean } {
  for (const unit of pair.units) {
    if (nodeOf(find, unit.id, 'unit')?.haState === 'active') return { y: middle(unit.box), known: true };
  }
  return { y: middle(pair.frame), known: pair.units.length === 1 };
}

/** Every edge of a site, those of the selected path last. All of them are drawn under the nodes. */
export function siteEdges(site: PlacedSite, geometry: Geometry, find: FindNode, path: Path): readonly DrawCommand[] {
  const plain: DrawCommand[] = [];
  const accent: DrawCommand[] = [];
  for (const pair of site.pairs) {
    const from = entry(pair, find);
    clientEdge(site, pair, geometry, from, path, plain, accent, find);
    for (const service of pair.services) {
      const start: Point = [pair.frame.x + pair.frame.width, from.y];
      requestEdge(start, service.box.x, middle(service.box), site.box.x + geometry.trunk, {
        selected: path.has(service.id),
        dashed: !from.known,
        head: geometry.server.width > 20,
        out: path.has(service.id) ? accent : plain,
      });
      serverEdges(site, service, geometry, find, path, plain, accent);
    }
  }
  replies(site, geometry, find, plain);
  return [...plain, ...accent];
}

function clientEdge(
  site: PlacedSite,
  pair: PlacedPair,
  geometry: Geometry,
  from: { readonly y: number; readonly known: boolean },
  path: Path,
  plain: DrawCommand[],
  accent: DrawCommand[],
  find: FindNode,
): void {
  const { clients } = geometry;
  const first = site.pairs[0];
  if (clients === null || first === undefined) return;
  const start: Point = [site.box.x + clients.x + clients.width, entry(first, find).y];
  requestEdge(start, pair.frame.x, from.y, site.box.x + clients.x + clients.width + 13, {
    selected: path.has(pair.id),
    dashed: !from.known,
    head: true,
    out: path.has(pair.id) ? accent : plain,
  });
}

interface RequestOptions {
  readonly selected: boolean;
  readonly dashed: boolean;
  readonly head: boolean;
  readonly out: DrawCommand[];
}

function requestEdge([x0, y0]: Point, x1: number, y1: number, turn: number, options: RequestOptions): void {
  const style = options.selected ? chosen : usual;
  const end = options.head ? x1 - headRoom : x1;
  const points: Point[] = y0 === y1 ? [[x0, y0], [end, y1]] : [[x0, y0], [turn, y0], [turn, y1], [end, y1]]; // prettier-ignore
  options.out.push({ draw: 'line', points, ...style, dashed: options.dashed });
  if (options.head)
    options.out.push({ draw: 'head', at: [x1, y1], towards: 'right', colour: style.colour, kind: 'filled' });
}

function serverEdges(
  site: PlacedSite,
  service: PlacedService,
  geometry: Geometry,
  find: FindNode,
  path: Path,
  plain: DrawCommand[],
  accent: DrawCommand[],
): void {
  const heads = geometry.server.width > 20;
  const right = service.box.x + service.box.width;
  const y0 = middle(service.box);
  const method = nodeOf(find, service.id, 'service')?.method ?? null;
  for (const server of service.servers) {
    const node = nodeOf(find, server.id, 'server');
    const selected = path.has(server.id);
    const out = selected ? accent : plain;
    const y1 = middle(server.box);
    const turn = site.box.x + geometry.fan;
    if (heads && (node?.receives === false || node?.state === 'failed')) {
      const end = server.box.x - 9;
      const style = selected ? chosen : usual;
      const points: Point[] = y0 === y1 ? [[right, y0], [end, y1]] : [[right, y0], [turn, y0], [turn, y1], [end, y1]]; // prettier-ignore
      out.push({ draw: 'line', points, ...style });
      const colour = node.state === 'failed' ? 'failed' : 'maintenance';
      out.push({ draw: 'line', points: [[end, y1 - 5], [end, y1 + 5]], colour, width: 2 }); // prettier-ignore
    } else {
      requestEdge([right, y0], server.box.x, y1, turn, { selected, dashed: node?.receives === null, head: heads, out });
    }
  }
  if (heads && method !== null && method !== 'gate' && service.servers.length > 0) {
    plain.push({ draw: 'head', at: [right, y0], towards: 'left', colour: 'edge', kind: 'filled' });
  }
}

/** Replies: a stub from each Direct Routing server into one collector a site, then along the lane back to the clients. */
function replies(site: PlacedSite, geometry: Geometry, find: FindNode, out: DrawCommand[]): void {
  const x = site.box.x + geometry.collector;
  const all = site.pairs.flatMap((pair) => pair.services.flatMap((service) => service.servers));
  const marksOnly = geometry.server.width <= 20;
  let first: number | null = null;
  let direct = false;
  for (const server of all) {
    const node = nodeOf(find, server.id, 'server');
    if (node === null || node.dr === 'not-needed') continue;
    direct = true;
    const y = middle(server.box);
    const right = server.box.x + server.box.width;
    if (node.dr === 'fix-missing') {
      if (marksOnly) out.push({ draw: 'cross', at: [x, y], size: 8, colour: 'degraded-mark' });
      else missingStub(right, y, out);
    } else if (!marksOnly && node.state !== 'failed' && node.receives !== false) {
      first ??= y;
      stub(server, x, site, node.dr === 'unknown', out);
    }
  }
  if (marksOnly || !direct) return;
  collector(site, geometry, first, x, find, out);
}

function missingStub(right: number, y: number, out: DrawCommand[]): void {
  out.push({ draw: 'line', points: [[right, y], [right + 4, y]], colour: 'degraded-mark', width: 1.5 }); // prettier-ignore
  out.push({ draw: 'cross', at: [right + 8, y], size: 8, colour: 'degraded-mark' });
}

function stub(server: PlacedServer, x: number, site: PlacedSite, dashed: boolean, out: DrawCommand[]): void {
  const y = middle(server.box);
  const down = Math.min(y + 10, site.lane ?? site.box.y + site.box.height);
  out.push({ draw: 'line', points: [[server.box.x + server.box.width, y], [x, y], [x, down]], ...usual, dashed }); // prettier-ignore
}

function collector(
  site: PlacedSite,
  geometry: Geometry,
  first: number | null,
  x: number,
  find: FindNode,
  out: DrawCommand[],
): void {
  if (first === null) return;
  const { clients } = geometry;
  const firstPair = site.pairs[0];
  if (site.lane === null || clients === null || firstPair === undefined) {
    const foot = site.box.y + site.box.height - 3;
    out.push({ draw: 'line', points: [[x, first + 5], [x, foot]], ...usual }); // prettier-ignore
    return;
  }
  const home = site.box.x + clients.x + clients.width / 2;
  const bottom = entry(firstPair, find).y + clients.height / 2;
  const gap = [site.box.x + 290, site.box.x + 566] as const;
  out.push({ draw: 'line', points: [[x, first + 5], [x, site.lane], [gap[1], site.lane]], ...usual }); // prettier-ignore
  out.push({ draw: 'line', points: [[gap[0], site.lane], [home, site.lane], [home, bottom + headRoom]], ...usual }); // prettier-ignore
  out.push({ draw: 'head', at: [home, bottom], towards: 'up', colour: 'edge', kind: 'filled' });
  for (const at of [270, 605, site.box.width - 91]) {
    out.push({ draw: 'head', at: [site.box.x + at, site.lane], towards: 'left', colour: 'edge', kind: 'open' });
  }
}
