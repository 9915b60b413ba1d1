/** Three levels of one map, by how much of each thing is shown. */
export type Level = 'shapes' | 'names' | 'strips';

/** Measures of a level in pixels at its natural scale; x from the left edge of a site's band. */
export interface Geometry {
  readonly bandWidth: number;
  readonly head: number;
  /** From the top of the band to the first real server. */
  readonly firstTop: number;
  /** From the last row to the foot of the band. */
  readonly foot: number;
  readonly bandGap: number;
  readonly pairGap: number;
  readonly frame: { readonly x: number; readonly width: number; readonly head: number; readonly pad: number };
  readonly unit: { readonly width: number; readonly height: number; readonly gap: number };
  readonly service: { readonly x: number; readonly width: number; readonly height: number; readonly gap: number };
  readonly server: { readonly x: number; readonly width: number; readonly height: number; readonly pitch: number };
  /** Where requests turn towards services, and towards servers. */
  readonly trunk: number;
  readonly fan: number;
  readonly collector: number;
  readonly clients: { readonly x: number; readonly width: number; readonly height: number } | null;
  /** From the last row down to the lane of the replies; `null`: no lane at this level. */
  readonly lane: number | null;
}

/** The width a map is drawn for at the least; a narrower view pans. */
export const leastWidth = 880;
const drawnWidth = 960;

function strips(viewWidth: number): Geometry {
  const wider = Math.max(viewWidth, leastWidth) - drawnWidth;
  return {
    bandWidth: 936 + wider,
    head: 27,
    firstTop: 36,
    foot: 35,
    bandGap: 11,
    pairGap: 24,
    frame: { x: 90, width: 164, head: 28, pad: 8 },
    unit: { width: 152, height: 46, gap: 14 },
    service: { x: 282, width: 168, height: 58, gap: 18 },
    server: { x: 484, width: 414 + wider, height: 28, pitch: 32 },
    trunk: 267,
    fan: 467,
    collector: 916 + wider,
    clients: { x: 12, width: 52, height: 36 },
    lane: 20,
  };
}

const names: Geometry = {
  bandWidth: 464,
  head: 20,
  firstTop: 24,
  foot: 24,
  bandGap: 8,
  pairGap: 16,
  frame: { x: 12, width: 112, head: 24, pad: 4 },
  unit: { width: 104, height: 24, gap: 2 },
  service: { x: 160, width: 116, height: 28, gap: 16 },
  server: { x: 310, width: 124, height: 24, pitch: 28 },
  trunk: 142,
  fan: 293,
  collector: 451,
  clients: null,
  lane: null,
};

const shapes: Geometry = {
  bandWidth: 245,
  head: 16,
  firstTop: 17,
  foot: 11,
  bandGap: 11,
  pairGap: 12,
  frame: { x: 24, width: 24, head: 0, pad: 0 },
  unit: { width: 24, height: 12, gap: 2 },
  service: { x: 108, width: 16, height: 16, gap: 12 },
  server: { x: 182, width: 10, height: 10, pitch: 14 },
  trunk: 80,
  fan: 155,
  collector: 201,
  clients: null,
  lane: null,
};

/** The measures of a level in a view of a width. */
export function geometryOf(level: Level, viewWidth: number): Geometry {
  return level === 'strips' ? strips(viewWidth) : level === 'names' ? names : shapes;
}

/** The zoom at which a level is drawn one to one, and the zoom from which on it is shown. */
export const naturalZoom: Readonly<Record<Level, number>> = { shapes: 0.3, names: 0.6, strips: 1 };
export const zoomRange = [0.15, 2] as const;

export function levelAt(zoom: number): Level {
  return zoom < 0.35 ? 'shapes' : zoom <= 0.8 ? 'names' : 'strips';
}
