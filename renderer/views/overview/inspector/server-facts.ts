import type { DrCell, DrColumn, DrItem, DrWire } from '#shared/contract/direct-routing';
import type { ServerNode, ServiceNode, UnitNode } from '#shared/contract/overview';
import type { State } from '#shared/domain/state';
import type { Fact } from '../../../components/index';

const viaWords = { ssh: 'SSH', api: 'API', webui: 'WebUI' } as const;
export const viaWord = (via: UnitNode['via']): string => (via === null ? 'no channel' : viaWords[via]);

/** What the appliance does with a real server. */
export function applianceFacts(node: ServerNode): readonly Fact[] {
  const facts: Fact[] = [inService(node)];
  if (node.activeConnections !== null || node.inactiveConnections !== null) {
    const value = `${node.activeConnections ?? '–'} active, ${node.inactiveConnections ?? '–'} inactive`;
    facts.push({ key: 'Connections', value });
  }
  if (node.connectionsPerSecond !== null) {
    facts.push({ key: 'New', value: `${node.connectionsPerSecond.toFixed(1)} a second` });
  }
  if (node.checkText !== null) {
    const failed: { state?: State } = node.state === 'failed' ? { state: 'failed' } : {};
    facts.push({ key: 'Health check', value: node.checkText, ...failed });
  }
  return facts;
}

function inService(node: ServerNode): Fact {
  const key = 'In service';
  if (node.receives === null) return { key, value: 'unknown', state: 'unknown' };
  if (node.receives) return { key, value: node.weight === null ? 'yes' : `yes, weight ${node.weight}` };
  if (node.state === 'failed') return { key, value: 'no, taken out by its check', state: 'failed' };
  return { key, value: `no, ${node.status ?? 'nothing new is sent'}`, state: 'drained' };
}

const drStates: Readonly<Record<ServerNode['dr'], State>> = {
  proved: 'healthy',
  'fix-missing': 'degraded',
  unknown: 'unknown',
  'not-needed': 'healthy',
};

/** What Windows holds. */
export function serverFacts(node: ServerNode): readonly Fact[] {
  const port = node.port === null ? '' : `:${node.port}`;
  const dr = node.dr === 'not-needed' ? {} : { state: drStates[node.dr], mark: true };
  return [
    { key: 'Real address', value: `${node.address}${port}`, mono: true },
    { key: 'Direct Routing', value: node.drWord, ...dr },
  ];
}

/** As many differences as an inspector lists; the matrix shows all. */
const mostReasons = 5;

const reasonKeys: Readonly<Record<string, string>> = {
  'no-loopback': 'Loopback adapter',
  'loopback-disabled': 'Loopback adapter',
  'loopback-driver': 'Loopback adapter',
  'several-loopbacks': 'Loopback adapters',
  'weak-host-receive-loopback': 'Loopback receive',
  'weak-host-send-loopback': 'Loopback send',
  'weak-host-receive-lan': 'LAN weak host',
  'lan-not-found': 'LAN adapter',
  'lan-not-bound': 'LAN adapter',
  dad: 'Loopback DAD',
  dhcp: 'Loopback DHCP',
  metric: 'Loopback metric',
  binding: 'Bindings',
  netbios: 'NetBIOS',
  'dns-registration': 'DNS',
};

/** What differs on the server, an item each; shortened to what is there now where the text says so. */
export function reasonFacts(cell: DrCell | null, serviceAddress: string): readonly Fact[] {
  const facts = new Map<string, Fact>();
  for (const { code, text } of cell?.reasons ?? []) {
    // What is not about an adapter is about the address that the service listens on.
    const key = reasonKeys[code] ?? serviceAddress;
    const value = / Now (.+?), wanted /.exec(text)?.[1] ?? text;
    facts.set(`${key} ${value}`, { key, value, state: 'degraded', monoKey: key === serviceAddress });
  }
  const all = [...facts.values()];
  if (all.length <= mostReasons) return all;
  return [
    ...all.slice(0, mostReasons - 1),
    { key: 'Also', value: `${all.length - mostReasons + 1} more items, in the matrix`, state: 'degraded' },
  ];
}

/** The matrix's cell of a real server, once the matrix is there. */
export function cellOf(items: Iterable<DrItem>, node: ServerNode, service: ServiceNode): DrCell | null {
  const rows = new Set<string>();
  const columns = new Set<string>();
  const cells: DrCell[] = [];
  for (const item of items) {
    if (item.kind === 'row' && item.windowsId !== null && item.windowsId === node.windowsId) rows.add(item.id);
    else if (item.kind === 'column' && isColumnOf(item, service)) columns.add(item.id);
    else if (item.kind === 'cell') cells.push(item);
  }
  return cells.find((cell) => rows.has(cell.rowId) && columns.has(cell.columnId)) ?? null;
}

function isColumnOf(column: DrColumn, service: ServiceNode): boolean {
  return column.pairId === service.pairId && column.serviceName === service.name && column.address === service.address;
}

export function wireOf(items: Iterable<DrItem>, service: ServiceNode): DrWire | null {
  for (const item of items) {
    if (item.kind === 'wire' && item.pairId === service.pairId && item.address === service.address) return item;
  }
  return null;
}

/** Who answers ARP for the service's address. */
export function wireFact(wire: DrWire): Fact {
  const owners = wire.answers.map((answer) => answer.owner ?? answer.mac).join(', ');
  const key = 'Answers ARP';
  switch (wire.verdict) {
    case 'only-active':
      return { key, value: `only ${owners}, as it should` };
    case 'server-answers':
      return { key, value: `${owners}: a real server answers too`, state: 'failed' };
    case 'active-twice':
      return { key, value: `${owners}: both units hold the address`, state: 'failed' };
    case 'nobody':
      return { key, value: 'nobody', state: 'failed' };
    case 'unknown':
      return { key, value: 'not asked, or no answer understood', state: 'unknown' };
  }
}
