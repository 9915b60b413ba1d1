import type { DrCell, DrColumn, DrFix, DrItem, DrRow, DrWire } from '#shared/contract/direct-routing';
import type { State } from '#shared/domain/state';

/** A floating address over the services that share it. */
export interface AddressGroup {
  readonly address: string;
  readonly columns: readonly DrColumn[];
}

/** One pair of appliances: its services as columns, its Windows servers as rows. */
export interface Block {
  readonly pairId: string;
  readonly pairName: string;
  readonly siteName: string;
  readonly groups: readonly AddressGroup[];
  readonly columns: readonly DrColumn[];
  readonly rows: readonly DrRow[];
}

export interface Matrix {
  readonly blocks: readonly Block[];
  readonly cells: ReadonlyMap<string, DrCell>;
  readonly wires: readonly DrWire[];
  /** Newest first. */
  readonly fixes: readonly DrFix[];
  /** Columns that every block has room for, so that blocks stand in line. */
  readonly width: number;
}

export const cellKey = (rowId: string, columnId: string): string => `${rowId}|${columnId}`;

export function matrixOf(items: Iterable<DrItem>): Matrix {
  const rows: DrRow[] = [];
  const columns: DrColumn[] = [];
  const cells = new Map<string, DrCell>();
  const wires: DrWire[] = [];
  const fixes: DrFix[] = [];
  for (const item of items) {
    if (item.kind === 'row') rows.push(item);
    else if (item.kind === 'column') columns.push(item);
    else if (item.kind === 'cell') cells.set(cellKey(item.rowId, item.columnId), item);
    else if (item.kind === 'wire') wires.push(item);
    else if (item.kind === 'fix') fixes.push(item);
  }
  rows.sort((a, b) => a.order - b.order);
  columns.sort((a, b) => a.order - b.order);
  fixes.sort((a, b) => b.at - a.at);
  const pairIds = [...new Set([...columns, ...rows].map((item) => item.pairId))];
  const blocks = pairIds.map((pairId) => blockOf(pairId, rows, columns));
  const order = (wire: DrWire): number =>
    pairIds.indexOf(wire.pairId) * 1_000 + columns.findIndex((column) => column.address === wire.address);
  wires.sort((a, b) => order(a) - order(b));
  return { blocks, cells, wires, fixes, width: Math.max(3, ...blocks.map((block) => block.columns.length)) };
}

function blockOf(pairId: string, rows: readonly DrRow[], columns: readonly DrColumn[]): Block {
  const own = rows.filter((row) => row.pairId === pairId);
  const services = columns.filter((column) => column.pairId === pairId);
  const addresses = [...new Set(services.map((column) => column.address))];
  const groups = addresses.map((address) => ({
    address,
    columns: services.filter((column) => column.address === address),
  }));
  return {
    pairId,
    pairName: own[0]?.pairName ?? pairId,
    siteName: own[0]?.siteName ?? '',
    groups,
    columns: groups.flatMap((group) => group.columns),
    rows: own,
  };
}

export function applianceMark(cell: DrCell): State {
  switch (cell.applianceState) {
    case 'in':
      return 'healthy';
    case 'out':
      return 'failed';
    default:
      return cell.applianceState;
  }
}

export function serverMark(cell: DrCell): State {
  if (cell.server === 'proved') return 'healthy';
  return cell.server === 'fix-missing' ? 'degraded' : 'unknown';
}

/** An edge stands only where a fix is missing, or where one side cannot be read. */
export function cellEdge(cell: DrCell): 'fix' | 'unread' | 'none' {
  if (cell.server === 'fix-missing') return 'fix';
  return cell.server === 'unknown' || cell.applianceState === 'unknown' ? 'unread' : 'none';
}

export function wireState(wire: DrWire): State {
  if (wire.verdict === 'unknown') return 'unknown';
  return wire.verdict === 'only-active' ? 'healthy' : 'failed';
}

/** Who answers, in the words of a row; more than one answer is told in full. */
export function wireWord(wire: DrWire): string {
  const owners = wire.answers.map((answer) => answer.owner ?? answer.mac);
  switch (wire.verdict) {
    case 'nobody':
      return 'nobody answers';
    case 'unknown':
      return 'not asked';
    case 'only-active':
      return owners.join(', ');
    case 'server-answers':
      return `${owners.join(', ')}: a server answers`;
    case 'active-twice':
      return `${owners.join(', ')}: answered twice`;
  }
}

export interface MatrixCounts {
  readonly services: number;
  readonly addresses: number;
  readonly servers: number;
  readonly proved: number;
  readonly needFix: number;
  readonly unknown: number;
}

export function countMatrix({ blocks, cells, wires }: Matrix): MatrixCounts {
  const all = [...cells.values()];
  const servers = new Set(blocks.flatMap((block) => block.rows.map((row) => row.windowsId ?? row.id)));
  return {
    services: blocks.reduce((sum, block) => sum + block.columns.length, 0),
    addresses: wires.length,
    servers: servers.size,
    proved: all.filter((cell) => cell.server === 'proved').length,
    needFix: all.filter((cell) => cell.server === 'fix-missing').length,
    unknown: all.filter((cell) => cell.server === 'unknown').length,
  };
}
