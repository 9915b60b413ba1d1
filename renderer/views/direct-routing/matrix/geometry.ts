import type { Block } from './model';

/** `words`: two lines a cell. `marks`: shapes only, for estates that words cannot show on one screen. */
export type Density = 'words' | 'marks';

export interface Sizes {
  readonly row: number;
  readonly head: number;
  /** The narrowest and the widest that servers and services may be. */
  readonly first: readonly [number, number];
  readonly cell: readonly [number, number];
  readonly wire: number;
  readonly read: number;
}

export const sizes: Readonly<Record<Density, Sizes>> = {
  words: { row: 48, head: 50, first: [206, 260], cell: [132, 160], wire: 90, read: 54 },
  marks: { row: 28, head: 132, first: [206, 260], cell: [40, 40], wire: 80, read: 48 },
};

/** Where everything stands, in pixels. The first column and the two last ones stay in view. */
export interface Layout {
  readonly sizes: Sizes;
  readonly first: number;
  readonly cell: number;
  readonly tail: number;
  /** Width of every block: as of the one with the most services. */
  readonly width: number;
  readonly blocks: readonly { readonly top: number; readonly height: number }[];
  readonly height: number;
}

const gap = 16;

/** Words, until a block has more services than fit side by side or the rows fill several screens. */
export function densityFor(blocks: readonly Block[]): Density {
  const widest = Math.max(0, ...blocks.map((block) => block.columns.length));
  return widest > 8 || blocks.reduce((sum, block) => sum + block.rows.length, 0) > 60 ? 'marks' : 'words';
}

export function layoutOf(blocks: readonly Block[], density: Density, room: number): Layout {
  const own = sizes[density];
  const tail = own.wire + own.read;
  const columns = Math.max(density === 'words' ? 3 : 8, ...blocks.map((block) => block.columns.length));
  const clamp = ([low, high]: readonly [number, number], value: number): number => Math.min(high, Math.max(low, value));
  const first = Math.floor(clamp(own.first, room - tail - columns * own.cell[0]));
  const cell = Math.floor(clamp(own.cell, (room - tail - first) / columns));
  let top = 0;
  const placed = blocks.map((block) => {
    const height = own.head + block.rows.length * own.row;
    const at = { top, height };
    top += height + gap;
    return at;
  });
  return {
    sizes: own,
    first,
    cell,
    tail,
    width: first + columns * cell + tail,
    blocks: placed,
    height: Math.max(0, top - gap),
  };
}

/** Indices from and to (not included) of the items of one size that a window shows, with some to spare on both sides. */
export function windowOf(
  start: number,
  length: number,
  pitch: number,
  count: number,
  spare: number,
): readonly [number, number] {
  const from = Math.max(0, Math.floor(start / pitch) - spare);
  const to = Math.min(count, Math.ceil((start + length) / pitch) + spare);
  return [Math.min(from, count), Math.max(to, 0)];
}

/** The indices of a window, and the one that holds the focus wherever it is: it must not leave the page. */
export function indices([from, to]: readonly [number, number], kept: number | null): readonly number[] {
  const shown = Array.from({ length: Math.max(0, to - from) }, (_, offset) => from + offset);
  if (kept === null || (kept >= from && kept < to)) return shown;
  return kept < from ? [kept, ...shown] : [...shown, kept];
}

/** How far to scroll so that a stretch stands in view between what stays in place at both ends. */
export function reveal(
  at: { readonly start: number; readonly length: number },
  view: { readonly scroll: number; readonly length: number; readonly before: number; readonly after: number },
): number {
  if (at.start < view.scroll + view.before) return Math.max(0, at.start - view.before);
  const end = at.start + at.length + view.after - view.length;
  return end > view.scroll ? end : view.scroll;
}
