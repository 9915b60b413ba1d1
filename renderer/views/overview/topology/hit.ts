import type { Box, MapLayout } from './layout';

export type Hit =
  | { readonly kind: 'node'; readonly id: string }
  /** The head of a site's band, which folds it. */
  | { readonly kind: 'fold'; readonly id: string };

const inside = (box: Box, x: number, y: number, slack = 0): boolean =>
  x >= box.x - slack && x <= box.x + box.width + slack && y >= box.y - slack && y <= box.y + box.height + slack;

/** What lies at a point of the drawing; `null`: nothing that can be selected. */
export function hit(layout: MapLayout, x: number, y: number): Hit | null {
  const slack = layout.level === 'shapes' ? 2 : 0;
  for (const site of layout.sites) {
    if (!inside(site.box, x, y)) continue;
    for (const pair of site.pairs) {
      for (const service of pair.services) {
        if (inside(service.box, x, y, slack)) return { kind: 'node', id: service.id };
        for (const server of service.servers) {
          if (inside(server.box, x, y, slack)) return { kind: 'node', id: server.id };
        }
      }
      for (const unit of pair.units) if (inside(unit.box, x, y)) return { kind: 'node', id: unit.id };
      if (inside(pair.frame, x, y)) return { kind: 'node', id: pair.id };
      const besideFolded = { ...pair.frame, x: pair.frame.x + pair.frame.width, width: 200 };
      if (pair.folded && inside(besideFolded, x, y)) return { kind: 'fold', id: pair.id };
    }
    if (y <= site.box.y + layout.geometry.head) {
      return x <= site.box.x + 24 && layout.level === 'strips'
        ? { kind: 'fold', id: site.id }
        : { kind: 'node', id: site.id };
    }
    return null;
  }
  return null;
}
