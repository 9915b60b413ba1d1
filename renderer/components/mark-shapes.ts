import type { State } from '#shared/domain/state';

/** The shape that stands for a state, always beside its word. Drawn in a 12 px box. */
export type MarkShape = 'circle' | 'triangle' | 'square' | 'half' | 'ring';

export function markShape(state: State): MarkShape {
  switch (state) {
    case 'healthy':
      return 'circle';
    case 'degraded':
      return 'triangle';
    case 'failed':
      return 'square';
    case 'drained':
    case 'halted':
      return 'half';
    case 'unknown':
      return 'ring';
  }
}

/** The token of a mark's colour, without its two dashes. */
export function markToken(state: State): string {
  switch (state) {
    case 'degraded':
      return 'degraded-mark';
    case 'drained':
    case 'halted':
      return 'maintenance';
    default:
      return state;
  }
}

/** The token of a state's word. Healthy is quiet, so that exceptions are what the eye finds. */
export function wordToken(state: State): string {
  switch (state) {
    case 'healthy':
      return 'muted';
    case 'drained':
    case 'halted':
      return 'maintenance';
    default:
      return state;
  }
}

export const wordWeight = (state: State): 400 | 600 => (state === 'healthy' ? 400 : 600);

/** Paths in a box of 12 by 12, centred at 6, 6. `fill` paths are filled, `stroke` paths drawn with `width`. */
export const markPaths: Record<
  MarkShape,
  { readonly fill?: string; readonly stroke?: string; readonly width: number }
> = {
  circle: { fill: 'M1.5 6a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z', width: 0 },
  triangle: { fill: 'M6 1L11.6 11L0.4 11z', width: 0 },
  square: { fill: 'M1.25 1.25h9.5v9.5h-9.5z', width: 0 },
  half: { fill: 'M6 1.6a4.4 4.4 0 0 0 0 8.8z', stroke: 'M1.6 6a4.4 4.4 0 1 0 8.8 0a4.4 4.4 0 1 0 -8.8 0z', width: 1.7 },
  ring: { stroke: 'M1.85 6a4.15 4.15 0 1 0 8.3 0a4.15 4.15 0 1 0 -8.3 0z', width: 1.7 },
};
