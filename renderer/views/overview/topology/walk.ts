import type { MapLayout } from './layout';

export type Direction = 'up' | 'down' | 'left' | 'right';

interface Spot {
  readonly id: string;
  readonly parent: string | null;
  readonly depth: number;
}

/** Every node as it stands in the tree: site, pair, its units, service, server. */
export function spots(layout: MapLayout): readonly Spot[] {
  const out: Spot[] = [];
  for (const site of layout.sites) {
    out.push({ id: site.id, parent: null, depth: 0 });
    for (const pair of site.pairs) {
      out.push({ id: pair.id, parent: site.id, depth: 1 });
      for (const unit of pair.units) out.push({ id: unit.id, parent: pair.id, depth: 2 });
      for (const service of pair.services) {
        out.push({ id: service.id, parent: pair.id, depth: 3 });
        for (const server of service.servers) out.push({ id: server.id, parent: service.id, depth: 4 });
      }
    }
  }
  return out;
}

/**
 * Where an arrow key leads from a node: up and down to the next node of the same column, left to the parent, right to
 * the first child (from a pair to its first service). Stays where there is nothing that way.
 */
export function walk(layout: MapLayout, from: string | null, direction: Direction): string | null {
  const all = spots(layout);
  const index = all.findIndex((spot) => spot.id === from);
  const here = all[index];
  if (here === undefined) return all[0]?.id ?? null;
  switch (direction) {
    case 'left':
      return here.parent ?? here.id;
    case 'right': {
      const children = all.filter((spot) => spot.parent === here.id);
      return (children.find((spot) => spot.depth === here.depth + 2) ?? children[0] ?? here).id;
    }
    case 'up':
      return (all.slice(0, index).findLast((spot) => spot.depth === here.depth) ?? here).id;
    case 'down':
      return (all.slice(index + 1).find((spot) => spot.depth === here.depth) ?? here).id;
  }
}
