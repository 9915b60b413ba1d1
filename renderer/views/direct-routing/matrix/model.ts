import type { DrCell, DrClient, DrColumn, DrFix, DrItem, DrRow, DrWire } from '#shared/contract/direct-routing';

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
  /** Rows before a filter took some away. */
  readonly of: number;
}

export interface Matrix {
  readonly blocks: readonly Block[];
  readonly cells: ReadonlyMap<string, DrCell>;
  readonly wires: readonly DrWire[];
  readonly clients: readonly DrClient[];
  /** Newest first. */
  readonly fixes: readonly DrFix[];
}

export const cellKey = (rowId: string, columnId: string): string => `${rowId}|${columnId}`;

/** The matrix of the stream's items, in the engine's order. */
export function matrixOf(items: Iterable<DrItem>): Matrix {
  const rows: DrRow[] = [];
  const columns: DrColumn[] = [];
  const cells = new Map<string, DrCell>();
  const wires: DrWire[] = [];
  const clients: DrClient[] = [];
  const fixes: DrFix[] = [];
  for (const item of items) {
    if (item.kind === 'row') rows.push(item);
    else if (item.kind === 'column') columns.push(item);
    else if (item.kind === 'cell') cells.set(cellKey(item.rowId, item.columnId), item);
    else if (item.kind === 'wire') wires.push(item);
    else if (item.kind === 'client') clients.push(item);
    else fixes.push(item);
  }
  rows.sort((a, b) => a.order - b.order);
  columns.sort((a, b) => a.order - b.order);
  fixes.sort((a, b) => b.at - a.at);
  const pairIds = [...new Set([...columns, ...rows].map((item) => item.pairId))];
  const places = new Map(columns.map((column, index) => [`${column.pairId}|${column.address}`, index]));
  const place = (wire: DrWire): number => places.get(`${wire.pairId}|${wire.address}`) ?? columns.length;
  const pairPlace = new Map(pairIds.map((pairId, index) => [pairId, index]));
  wires.sort((a, b) => (pairPlace.get(a.pairId) ?? 0) - (pairPlace.get(b.pairId) ?? 0) || place(a) - place(b));
  return { blocks: pairIds.map((pairId) => blockOf(pairId, rows, columns)), cells, wires, clients, fixes };
}

function blockOf(pairId: string, rows: readonly DrRow[], columns: readonly DrColumn[]): Block {
  const own = rows.filter((row) => row.pairId === pairId);
  const groups = groupsOf(columns.filter((column) => column.pairId === pairId));
  return {
    pairId,
    pairName: own[0]?.pairName ?? pairId,
    siteName: own[0]?.siteName ?? '',
    groups,
    columns: groups.flatMap((group) => group.columns),
    rows: own,
    of: own.length,
  };
}

/** Services of one address stand side by side, under it. */
export function groupsOf(services: readonly DrColumn[]): readonly AddressGroup[] {
  const addresses = [...new Set(services.map((column) => column.address))];
  return addresses.map((address) => ({ address, columns: services.filter((column) => column.address === address) }));
}

export interface MatrixCounts {
  readonly services: number;
  readonly addresses: number;
  readonly servers: number;
  readonly cells: number;
  readonly proved: number;
  readonly needFix: number;
  readonly unknown: number;
}

/** Counts what the blocks hold; a Windows server behind two pairs is one server. */
export function countMatrix({ blocks, cells }: Pick<Matrix, 'blocks' | 'cells'>): MatrixCounts {
  const servers = new Set<string>();
  const addresses = new Set<string>();
  const verdicts = { proved: 0, 'fix-missing': 0, unknown: 0 };
  let services = 0;
  for (const block of blocks) {
    services += block.columns.length;
    for (const group of block.groups) addresses.add(`${block.pairId}|${group.address}`);
    for (const row of block.rows) {
      servers.add(row.windowsId ?? row.id);
      for (const column of block.columns) {
        const cell = cells.get(cellKey(row.id, column.id));
        if (cell !== undefined) verdicts[cell.server] += 1;
      }
    }
  }
  return {
    services,
    addresses: addresses.size,
    servers: servers.size,
    cells: verdicts.proved + verdicts['fix-missing'] + verdicts.unknown,
    proved: verdicts.proved,
    needFix: verdicts['fix-missing'],
    unknown: verdicts.unknown,
  };
}
