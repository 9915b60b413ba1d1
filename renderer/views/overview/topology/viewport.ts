import { levelAt, naturalZoom, zoomRange, type Level } from './geometry';
import type { Box, MapLayout } from './layout';

/** Which part of the map a canvas shows, and how large. */
export interface Viewport {
  readonly zoom: number;
  readonly level: Level;
  /** Where the drawing's origin lies on the canvas, in CSS pixels. */
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const start: Viewport = { zoom: 1, level: 'strips', x: 0, y: 0 };

export const scaleOf = (viewport: Viewport): number => viewport.zoom / naturalZoom[viewport.level];

/** The part of the drawing that can be seen. */
export function visibleBox(viewport: Viewport, size: Size): Box {
  const scale = scaleOf(viewport);
  return { x: -viewport.x / scale, y: -viewport.y / scale, width: size.width / scale, height: size.height / scale };
}

/** Keeps the drawing in the view: it never leaves it, and rests at its top left where it is smaller. */
export function clamped(viewport: Viewport, layout: MapLayout, size: Size): Viewport {
  const scale = scaleOf(viewport);
  const within = (value: number, content: number, room: number): number =>
    content <= room ? 0 : Math.min(0, Math.max(room - content, value));
  return {
    ...viewport,
    x: within(viewport.x, layout.width * scale, size.width),
    y: within(viewport.y, layout.height * scale, size.height),
  };
}

/**
 * Zooms about a point of the canvas. Where that changes the level, the node nearest to the point stays where it is:
 * the levels have layouts of their own.
 */
export function zoomedAt(
  viewport: Viewport,
  zoom: number,
  point: { readonly x: number; readonly y: number },
  layoutFor: (level: Level) => MapLayout,
): Viewport {
  const wanted = Math.min(zoomRange[1], Math.max(zoomRange[0], zoom));
  const level = levelAt(wanted);
  const before = scaleOf(viewport);
  const next = { zoom: wanted, level, x: 0, y: 0 };
  const after = scaleOf(next);
  const at = { x: (point.x - viewport.x) / before, y: (point.y - viewport.y) / before };
  if (level === viewport.level) return { ...next, x: point.x - at.x * after, y: point.y - at.y * after };
  const anchor = nearest(layoutFor(viewport.level), at);
  const box = anchor === null ? null : boxOf(layoutFor(level), anchor.id);
  if (anchor === null || box === null) return next;
  return {
    ...next,
    x: viewport.x + centre(anchor.box).x * before - centre(box).x * after,
    y: viewport.y + centre(anchor.box).y * before - centre(box).y * after,
  };
}

/** Moves as little as needed for a box to be seen with some room around it. */
export function revealing(viewport: Viewport, box: Box, layout: MapLayout, size: Size): Viewport {
  const scale = scaleOf(viewport);
  const room = 24;
  const shift = (from: number, length: number, offset: number, view: number): number => {
    const low = from * scale + offset;
    const high = (from + length) * scale + offset;
    if (low < room) return room - low;
    if (high > view - room) return Math.max(view - room - high, room - low);
    return 0;
  };
  return clamped(
    {
      ...viewport,
      x: viewport.x + shift(box.x, box.width, viewport.x, size.width),
      y: viewport.y + shift(box.y, box.height, viewport.y, size.height),
    },
    layout,
    size,
  );
}

/** Where a node stands. */
export function boxOf(layout: MapLayout, id: string): Box | null {
  for (const [other, box] of boxes(layout)) if (other === id) return box;
  return null;
}

export function* boxes(layout: MapLayout): Generator<readonly [id: string, box: Box]> {
  for (const site of layout.sites) {
    yield [site.id, { ...site.box, height: layout.geometry.head }];
    for (const pair of site.pairs) {
      yield [pair.id, pair.frame];
      for (const unit of pair.units) yield [unit.id, unit.box];
      for (const service of pair.services) {
        yield [service.id, service.box];
        for (const server of service.servers) yield [server.id, server.box];
      }
    }
  }
}

function nearest(
  layout: MapLayout,
  point: { readonly x: number; readonly y: number },
): { id: string; box: Box } | null {
  let best: { id: string; box: Box } | null = null;
  let least = Infinity;
  for (const [id, box] of boxes(layout)) {
    const middle = centre(box);
    const distance = Math.abs(middle.x - point.x) * 0.2 + Math.abs(middle.y - point.y);
    if (distance < least) {
      least = distance;
      best = { id, box };
    }
  }
  return best;
}

const centre = (box: Box): { readonly x: number; readonly y: number } => ({
  x: box.x + box.width / 2,
  y: box.y + box.height / 2,
});
