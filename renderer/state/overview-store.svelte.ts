import type { OverviewNode, PairNode, ServerNode, ServiceNode, SiteNode, UnitNode } from '#shared/contract/overview';
import type { EvenkeelError } from '#shared/errors';
import { countNodes, type Counts } from './counts';
import type { Connection } from './connection.svelte';
import type { LiveStatus } from './live.svelte';

export interface ServiceBranch {
  readonly node: ServiceNode;
  readonly servers: readonly ServerNode[];
}
export interface PairBranch {
  readonly node: PairNode;
  readonly units: readonly UnitNode[];
  readonly services: readonly ServiceBranch[];
}
export interface SiteBranch {
  readonly node: SiteNode;
  readonly pairs: readonly PairBranch[];
}

export type StatefulNode = Exclude<OverviewNode, SiteNode>;

const holdMs = 800;

/** Calls back once before the next picture; a page passes `requestAnimationFrame`. */
export type NextFrame = (run: () => void) => void;

/**
 * The nodes of the overview. Thousands of them change at a time, so they are no signals of their own: changes gather
 * until the next frame, then one version goes up and the tree is put together again.
 */
export class OverviewStore {
  status = $state<LiveStatus>('loading');
  error = $state.raw<EvenkeelError | null>(null);
  /** Goes up once a frame at the most, whenever anything changed. */
  version = $state(0);
  /** Goes up when nodes came, went or moved in the tree. */
  private structure = $state(0);
  private moved = false;
  private nodes = new Map<string, OverviewNode>();
  private gathering = false;
  private recent: string[] = [];
  /** Nodes whose state or word changed within the last 0.8 s: the map marks them that long. */
  changed = $state.raw<ReadonlySet<string>>(new Set());
  private readonly end: () => void;

  /** The tree with every node as it is now. */
  readonly tree: readonly SiteBranch[] = $derived(this.version >= 0 ? branches(this.nodes) : []);
  /** The same tree, put together only when its structure changes: its nodes may be older readings. */
  readonly outline: readonly SiteBranch[] = $derived(this.structure >= 0 ? branches(this.nodes) : []);
  readonly counts: Counts = $derived(countNodes(this.version >= 0 ? this.nodes.values() : []));

  constructor(
    connection: Connection,
    private readonly nextFrame: NextFrame,
    /** Told of nodes whose state changed, once a frame. */
    private readonly onStates: (nodes: readonly StatefulNode[]) => void = () => undefined,
  ) {
    this.end = connection.watch(
      'overview.live',
      {},
      {
        snapshot: (items) => {
          this.nodes = new Map(items);
          this.error = null;
          this.status = 'live';
          this.structure++;
          this.version++;
        },
        change: (set, remove) => {
          if (remove.length > 0) this.moved = true;
          for (const id of remove) this.nodes.delete(id);
          for (const [id, node] of set) {
            const before = this.nodes.get(id);
            if (differs(before, node)) this.recent.push(id);
            if (before === undefined || placeKey(before) !== placeKey(node)) this.moved = true;
            this.nodes.set(id, node);
          }
          this.gather();
        },
        lost: () => {
          if (this.status === 'live') this.status = 'stale';
        },
        ended: (error) => {
          this.status = error === null ? 'ended' : 'error';
          this.error = error;
        },
      },
    );
  }

  get size(): number {
    return this.version >= 0 ? this.nodes.size : 0;
  }

  get(id: string): OverviewNode | undefined {
    return this.version >= 0 ? this.nodes.get(id) : undefined;
  }

  /** Every node, in no particular order. */
  all(): Iterable<OverviewNode> {
    return this.version >= 0 ? this.nodes.values() : [];
  }

  close(): void {
    this.end();
  }

  private gather(): void {
    if (this.gathering) return;
    this.gathering = true;
    this.nextFrame(() => {
      this.gathering = false;
      if (this.moved) this.structure++;
      this.moved = false;
      this.version++;
      if (this.recent.length > 0) this.mark(this.recent.splice(0));
    });
  }

  private mark(ids: readonly string[]): void {
    const marked = new Set(ids);
    this.changed = marked;
    setTimeout(() => {
      if (this.changed === marked) this.changed = new Set();
    }, holdMs);
    this.onStates(ids.map((id) => this.nodes.get(id)).filter((node) => node !== undefined && node.kind !== 'site'));
  }
}

/** Where a node stands in the tree, and under which name. */
function placeKey(node: OverviewNode): string {
  const parent =
    node.kind === 'site'
      ? ''
      : node.kind === 'pair'
        ? node.siteId
        : node.kind === 'server'
          ? node.serviceId
          : node.pairId;
  return `${node.kind} ${parent} ${node.order} ${node.name}`;
}

function differs(before: OverviewNode | undefined, after: OverviewNode): boolean {
  if (before === undefined || before.kind === 'site' || after.kind === 'site') return false;
  return before.state !== after.state || before.word !== after.word;
}

/** Nodes as site → pair → units and services → servers, each level in its order. Nodes without a parent are left out. */
export function branches(nodes: ReadonlyMap<string, OverviewNode>): readonly SiteBranch[] {
  const sites: SiteNode[] = [];
  const pairs = new Map<string, PairNode[]>();
  const units = new Map<string, UnitNode[]>();
  const services = new Map<string, ServiceNode[]>();
  const servers = new Map<string, ServerNode[]>();
  for (const node of nodes.values()) {
    switch (node.kind) {
      case 'site':
        sites.push(node);
        break;
      case 'pair':
        add(pairs, node.siteId, node);
        break;
      case 'unit':
        add(units, node.pairId, node);
        break;
      case 'service':
        add(services, node.pairId, node);
        break;
      case 'server':
        add(servers, node.serviceId, node);
        break;
    }
  }
  const serviceBranch = (node: ServiceNode): ServiceBranch => ({ node, servers: sorted(servers.get(node.id)) });
  const pairBranch = (node: PairNode): PairBranch => ({
    node,
    units: sorted(units.get(node.id)),
    services: sorted(services.get(node.id)).map(serviceBranch),
  });
  return sorted(sites).map((node) => ({ node, pairs: sorted(pairs.get(node.id)).map(pairBranch) }));
}

function add<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

function sorted<T extends { readonly order: number; readonly name: string; readonly id: string }>(
  list: T[] | undefined,
): readonly T[] {
  return (list ?? []).sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));
}
