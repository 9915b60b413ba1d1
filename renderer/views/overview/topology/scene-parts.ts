import type { OverviewNode } from '#shared/contract/overview';
import type { State } from '#shared/domain/state';
import type { DrawCommand, Token } from './commands';
import type { Box } from './layout';
import type { MapView } from './map-nodes';

/** How faint is what does not match a search or filter. */
export const dim = 0.28;

export const alphaOf = (view: MapView, id: string): { readonly alpha?: number } =>
  view.clear === null || view.clear.has(id) ? {} : { alpha: dim };

/** A node's own box: selection is an accent border, the fill stays that of its state. */
export function nodeBox(
  box: Box,
  node: OverviewNode,
  view: MapView,
  usual: { readonly fill: Token; readonly border: Token; readonly dashed?: boolean },
): DrawCommand {
  const selected = view.selected === node.id;
  const fill = view.changed.has(node.id) ? 'accent-tint' : usual.fill;
  return {
    draw: 'box',
    ...box,
    fill,
    border: selected ? 'accent' : usual.border,
    borderWidth: selected ? 2 : 1,
    radius: 3,
    dashed: usual.dashed === true && !selected,
    ...alphaOf(view, node.id),
  };
}

/** Degraded and failed carry their tint; all others lie on the raised plane. */
export function tint(state: State): Token {
  return state === 'degraded' ? 'degraded-tint' : state === 'failed' ? 'failed-tint' : 'raised';
}

/** Where the columns of a strip stand, from the strip's left edge and width. Figures end at theirs. */
export function stripColumns(x: number, width: number) {
  const wider = Math.max(0, width - 414);
  return {
    name: x + 24,
    address: x + 114 + Math.round(wider * 0.3),
    word: x + 242 + Math.round(wider * 0.55),
    connections: x + width - 69,
    rate: x + width - 40,
    weight: x + width - 6,
  };
}
