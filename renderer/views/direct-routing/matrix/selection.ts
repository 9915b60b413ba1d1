import type { Block } from './model';

type Rows = readonly Pick<Block, 'rows'>[];

/** Every server shown that can be selected: those in the inventory, each once. */
export function selectableIds(blocks: Rows): readonly string[] {
  return [...new Set(blocks.flatMap((block) => block.rows.flatMap((row) => row.windowsId ?? [])))];
}

/** The servers from one to another in the order shown, both included; only the second when the first is not shown. */
export function inRange(blocks: Rows, from: string, to: string): readonly string[] {
  const ids = blocks.flatMap((block) => block.rows.flatMap((row) => row.windowsId ?? []));
  const [a, b] = [ids.indexOf(from), ids.indexOf(to)];
  if (a < 0 || b < 0) return [to];
  return [...new Set(ids.slice(Math.min(a, b), Math.max(a, b) + 1))];
}
