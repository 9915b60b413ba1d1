import { describe, expect, it } from 'vitest';
import type { DrCell } from '#shared/contract/direct-routing';
import { drItems } from '#test/fixtures/direct-routing';
import { manyDrItems } from '#test/fixtures/direct-routing-many';
import { clampCursor, moveCursor } from '../../../renderer/views/direct-routing/matrix/cursor';
import { filterMatrix, noFilter } from '../../../renderer/views/direct-routing/matrix/filter';
import {
  densityFor,
  indices,
  layoutOf,
  reveal,
  windowOf,
} from '../../../renderer/views/direct-routing/matrix/geometry';
import { countMatrix, matrixOf } from '../../../renderer/views/direct-routing/matrix/model';
import { inRange, selectableIds } from '../../../renderer/views/direct-routing/matrix/selection';
import { cellEdge, wireWord } from '../../../renderer/views/direct-routing/matrix/words';

const matrix = matrixOf(drItems.values());
const many = matrixOf(manyDrItems.values());

describe('the matrix', () => {
  it('has one block a pair, services grouped by address, the pictures’ counts', () => {
    expect(matrix.blocks.map((block) => block.pairName)).toEqual(['lb-main', 'lb-annex']);
    expect(matrix.blocks[0]?.groups.map((group) => group.columns.length)).toEqual([2]);
    expect(countMatrix(matrix)).toEqual({
      services: 5,
      addresses: 4,
      servers: 7,
      cells: 12,
      proved: 9,
      needFix: 2,
      unknown: 1,
    });
  });

  it('draws an edge only where a fix is missing or a side cannot be read', () => {
    const edge = (key: string): string => cellEdge(matrix.cells.get(key) as DrCell);
    expect(edge('ICA-APP02|ICA_WEB')).toBe('fix');
    expect(edge('MWL-SRV02|MWL_DICOM')).toBe('unread');
    expect(edge('VNA-APP02|VNA_DICOM')).toBe('none');
  });

  it('tells a server that answers for the address by its name', () => {
    const [wire] = matrix.wires;
    if (wire === undefined) throw new Error('no wire');
    expect(wireWord({ ...wire, verdict: 'server-answers' })).toBe('lb-main-1: a server answers');
  });
});

describe('the filter', () => {
  it('keeps the rows with every word, and of the services only those they are in', () => {
    const { blocks } = filterMatrix(matrix, { ...noFilter, text: 'vna_web  app01' });
    expect(blocks.map((block) => block.rows.map((row) => row.name))).toEqual([['VNA-APP01']]);
    expect(blocks[0]?.columns.map((column) => column.serviceName)).toEqual(['VNA_DICOM', 'VNA_WEB']);
    expect(blocks[0]?.of).toBe(4);
  });

  it('finds states and addresses as well as names', () => {
    const names = (text: string): readonly string[] =>
      filterMatrix(matrix, { ...noFilter, text }).blocks.flatMap((block) => block.rows.map((row) => row.name));
    expect(names('refused')).toEqual(['VNA-APP02']);
    expect(names('192.168.100.100')).toEqual(['ICA-APP01', 'ICA-APP02', 'ICA-APP03']);
    expect(names('nothing like it')).toEqual([]);
  });

  it('narrows to what needs the fix, and to one pair', () => {
    const needing = filterMatrix(many, { ...noFilter, only: 'fix-missing' });
    expect(countMatrix(needing).needFix).toBe(countMatrix(many).needFix);
    expect(countMatrix(needing).servers).toBeLessThan(countMatrix(many).servers);
    const annex = filterMatrix(many, { ...noFilter, only: 'fix-missing', pairId: 'pair:annex' });
    expect(annex.blocks.map((block) => block.pairName)).toEqual(['lb-annex']);
  });

  it('without a word to look for gives the matrix as it is', () => {
    expect(filterMatrix(matrix, { ...noFilter, text: '  ' })).toBe(matrix);
  });
});

describe('the selection', () => {
  it('ranges over the border of a pair in either direction', () => {
    const range = inRange(matrix.blocks, 'windows:VNA-APP01', 'windows:ICA-APP02');
    expect(range).toEqual(['windows:ICA-APP02', 'windows:ICA-APP03', 'windows:VNA-APP01']);
    expect(inRange(matrix.blocks, 'windows:gone', 'windows:ICA-APP02')).toEqual(['windows:ICA-APP02']);
  });

  it('takes of what is shown only servers that the inventory knows', () => {
    const [block] = matrix.blocks;
    const [row] = block?.rows ?? [];
    if (block === undefined || row === undefined) throw new Error('no row');
    expect(selectableIds([{ rows: [{ ...row, windowsId: null }, row, row] }])).toEqual([row.windowsId]);
  });
});

describe('the cursor', () => {
  const shapes = [
    { rows: 3, columns: 2 },
    { rows: 2, columns: 5 },
  ];
  const go = (key: string, from: readonly [number, number, number], control = false): unknown => {
    const [block, row, column] = from;
    return moveCursor({ block, row, column }, key, { shapes, page: 2, control });
  };

  it('walks over the border of a block and keeps its column where there is one', () => {
    expect(go('ArrowDown', [0, 2, 1])).toEqual({ block: 1, row: 0, column: 1 });
    expect(go('ArrowUp', [1, 0, 7])).toEqual({ block: 0, row: 2, column: 4 });
    expect(go('PageDown', [0, 1, 0])).toEqual({ block: 1, row: 0, column: 0 });
  });

  it('stops at the ends', () => {
    expect(go('ArrowUp', [0, 0, 0])).toEqual({ block: 0, row: 0, column: 0 });
    expect(go('ArrowRight', [0, 0, 4])).toEqual({ block: 0, row: 0, column: 4 });
    expect(go('End', [1, 0, 0], true)).toEqual({ block: 1, row: 1, column: 0 });
    expect(go('x', [0, 0, 0])).toBeNull();
  });

  it('comes back when the rows it stood on are gone', () => {
    expect(clampCursor({ block: 4, row: 9, column: 99 }, shapes)).toEqual({ block: 1, row: 1, column: 7 });
    expect(clampCursor({ block: 0, row: 0, column: 0 }, [])).toEqual({ block: 0, row: 0, column: 0 });
  });
});

describe('what is drawn of it', () => {
  it('is words for a few services, marks for a large estate', () => {
    expect(densityFor(matrix.blocks)).toBe('words');
    expect(densityFor(many.blocks)).toBe('marks');
  });

  it('keeps blocks in line: every one as wide as that with the most services', () => {
    const layout = layoutOf(many.blocks, 'marks', 756);
    expect(layout.width).toBe(layout.first + 16 * layout.cell + layout.tail);
    expect(layout.blocks[1]?.top).toBe((layout.blocks[0]?.height ?? 0) + 16);
  });

  it('is only what is near the visible part, and the cell with the focus', () => {
    expect(windowOf(5_000, 700, 28, 200, 6)).toEqual([172, 200]);
    expect(windowOf(-400, 300, 28, 200, 6)).toEqual([0, 3]);
    expect(indices([172, 175], 3)).toEqual([3, 172, 173, 174]);
    expect(indices([172, 175], 173)).toEqual([172, 173, 174]);
  });

  it('scrolls no further than it must, and clears what stays in view', () => {
    const view = { scroll: 100, length: 500, before: 50, after: 0 };
    expect(reveal({ start: 200, length: 48 }, view)).toBe(100);
    expect(reveal({ start: 120, length: 48 }, view)).toBe(70);
    expect(reveal({ start: 580, length: 48 }, view)).toBe(128);
  });
});
