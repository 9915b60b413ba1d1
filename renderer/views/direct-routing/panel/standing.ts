import type { DrCell, DrRow } from '#shared/contract/direct-routing';
import { cellKey, type Matrix } from '../matrix/index';

/** A server that stands out, with the words of its cells. */
export interface Standing {
  readonly row: DrRow;
  readonly words: string;
}

/** The cells of a row. */
export function cellsOf(matrix: Matrix, row: DrRow): readonly DrCell[] {
  const block = matrix.blocks.find((item) => item.pairId === row.pairId);
  return (block?.columns ?? []).flatMap((column) => matrix.cells.get(cellKey(row.id, column.id)) ?? []);
}

/** Servers without the fix, and servers that could not be read or are not known. */
export function standings(matrix: Matrix): {
  readonly needing: readonly Standing[];
  readonly unread: readonly Standing[];
} {
  const needing: Standing[] = [];
  const unread: Standing[] = [];
  for (const block of matrix.blocks) {
    for (const row of block.rows) {
      const cells = cellsOf(matrix, row);
      const missing = cells.filter((cell) => cell.server === 'fix-missing');
      if (missing.length > 0) {
        needing.push({ row, words: [...new Set(missing.map((cell) => cell.serverWord))].join(', ') });
      } else if (cells.some((cell) => cell.server === 'unknown' || cell.applianceState === 'unknown')) {
        unread.push({ row, words: unreadWord(row) });
      }
    }
  }
  return { needing, unread };
}

function unreadWord(row: DrRow): string {
  if (row.windowsId === null) return 'not in the inventory';
  if (row.error !== null) return row.error.message;
  return row.readAt === null ? 'never read' : 'read too long ago';
}

/** What becomes of each service while the selected servers are changed. */
export interface ServiceShare {
  readonly id: string;
  readonly name: string;
  readonly selected: number;
  readonly of: number;
  /** Servers that stay: in service, proved and not selected. */
  readonly carrying: number;
}

export function sharesOf(matrix: Matrix, selected: ReadonlySet<string>): readonly ServiceShare[] {
  return matrix.blocks.flatMap((block) =>
    block.columns.flatMap((column) => {
      const here = block.rows.flatMap((row) => {
        const cell = matrix.cells.get(cellKey(row.id, column.id));
        return cell === undefined ? [] : [{ cell, chosen: row.windowsId !== null && selected.has(row.windowsId) }];
      });
      const chosen = here.filter((item) => item.chosen).length;
      if (chosen === 0) return [];
      const carrying = here.filter(
        ({ cell, chosen: is }) => !is && cell.applianceState === 'in' && cell.server === 'proved',
      ).length;
      return [{ id: column.id, name: column.serviceName, selected: chosen, of: here.length, carrying }];
    }),
  );
}
