/** Where the focus stands: column 0 is the server, then its services, then the wire and the age of the reading. */
export interface Cursor {
  readonly block: number;
  readonly row: number;
  readonly column: number;
}

/** How many rows and services a block has. */
export interface BlockShape {
  readonly rows: number;
  readonly columns: number;
}

export const lastColumn = (shape: BlockShape): number => shape.columns + 2;

/** The cursor inside the matrix, should rows or services have gone. */
export function clampCursor(cursor: Cursor, shapes: readonly BlockShape[]): Cursor {
  const block = Math.min(cursor.block, Math.max(0, shapes.length - 1));
  const shape = shapes[block] ?? { rows: 1, columns: 0 };
  return {
    block,
    row: Math.max(0, Math.min(cursor.row, shape.rows - 1)),
    column: Math.max(0, Math.min(cursor.column, lastColumn(shape))),
  };
}

/** Rows above the cursor, over all blocks. */
export function flatRow(cursor: Pick<Cursor, 'block' | 'row'>, shapes: readonly BlockShape[]): number {
  return shapes.slice(0, cursor.block).reduce((sum, shape) => sum + shape.rows, 0) + cursor.row;
}

/**
 * Where a key leads, over the borders of blocks; `null`: the key does not move. `page`: the rows that a page holds.
 * With Control, Home and End go to the first and the last row.
 */
export function moveCursor(
  cursor: Cursor,
  key: string,
  {
    shapes,
    page,
    control,
  }: { readonly shapes: readonly BlockShape[]; readonly page: number; readonly control: boolean },
): Cursor | null {
  const shape = shapes[cursor.block];
  if (shape === undefined) return null;
  const row = (by: number): Cursor => rowAt(flatRow(cursor, shapes) + by, cursor.column, shapes);
  switch (key) {
    case 'ArrowDown':
      return row(1);
    case 'ArrowUp':
      return row(-1);
    case 'PageDown':
      return row(page);
    case 'PageUp':
      return row(-page);
    case 'ArrowRight':
      return clampCursor({ ...cursor, column: cursor.column + 1 }, shapes);
    case 'ArrowLeft':
      return clampCursor({ ...cursor, column: cursor.column - 1 }, shapes);
    case 'Home':
      return control ? rowAt(0, cursor.column, shapes) : { ...cursor, column: 0 };
    case 'End':
      return control ? rowAt(Infinity, cursor.column, shapes) : { ...cursor, column: lastColumn(shape) };
    default:
      return null;
  }
}

/** The row that stands at a place counted over all blocks; the nearest one when there is none. */
export function rowAt(flat: number, column: number, shapes: readonly BlockShape[]): Cursor {
  let left = Math.max(0, flat);
  for (const [block, shape] of shapes.entries()) {
    if (left < shape.rows) return clampCursor({ block, row: left, column }, shapes);
    left -= shape.rows;
  }
  const last = shapes.length - 1;
  return clampCursor({ block: last, row: (shapes[last]?.rows ?? 1) - 1, column }, shapes);
}
