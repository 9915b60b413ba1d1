import type { DrCell, DrRow } from '#shared/contract/direct-routing';
import { cellKey, groupsOf, type Block, type Matrix } from './model';

/** What narrows the matrix; nothing of it changes what is read. */
export interface MatrixFilter {
  /** Words that must all be found in a row: server, address, label, service, state, pair or site. */
  readonly text: string;
  /** Rows with at least one cell of this verdict. */
  readonly only: DrCell['server'] | null;
  readonly pairId: string | null;
}

export const noFilter: MatrixFilter = { text: '', only: null, pairId: null };

export function isFiltering(filter: MatrixFilter): boolean {
  return filter.text.trim() !== '' || filter.only !== null || filter.pairId !== null;
}

/** The rows that match, and of the services only those that one of them is in. Blocks without a row go. */
export function filterMatrix(matrix: Matrix, filter: MatrixFilter): Matrix {
  if (!isFiltering(filter)) return matrix;
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const blocks = matrix.blocks
    .filter((block) => filter.pairId === null || block.pairId === filter.pairId)
    .map((block) => narrowed(block, matrix.cells, words, filter.only))
    .filter((block) => block.rows.length > 0);
  return { ...matrix, blocks };
}

function narrowed(block: Block, cells: Matrix['cells'], words: readonly string[], only: MatrixFilter['only']): Block {
  if (words.length === 0 && only === null) return block;
  const used = new Set<string>();
  const rows = block.rows.filter((row) => {
    const own = block.columns.filter((column) => cells.has(cellKey(row.id, column.id)));
    const found = own.flatMap((column) => cells.get(cellKey(row.id, column.id)) ?? []);
    if (only !== null && !found.some((cell) => cell.server === only)) return false;
    const services = own.flatMap((column) => [column.serviceName, column.address]);
    const text = rowText(row, services, found);
    if (!words.every((word) => text.includes(word))) return false;
    for (const column of own) used.add(column.id);
    return true;
  });
  const columns = block.columns.filter((column) => used.has(column.id));
  return { ...block, rows, columns, groups: groupsOf(columns) };
}

function rowText(row: DrRow, services: readonly string[], cells: readonly DrCell[]): string {
  const states = cells.flatMap((cell) => [cell.applianceWord, cell.serverWord]);
  return [row.name, row.address, row.pairName, row.siteName, ...row.labels, ...services, ...states]
    .join(' ')
    .toLowerCase();
}
