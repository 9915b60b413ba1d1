import type { PairNode, ServerNode, ServiceNode, SiteNode, UnitNode } from '#shared/contract/overview';
import type { SiteBranch } from '../../state/index';

/** A row of the table twin: the map's tree, flat and in its order. */
export type TableRow =
  | {
      readonly kind: 'pair';
      readonly id: string;
      readonly site: SiteNode;
      readonly node: PairNode;
      readonly summary: string;
    }
  | { readonly kind: 'unit'; readonly id: string; readonly node: UnitNode }
  | { readonly kind: 'service'; readonly id: string; readonly node: ServiceNode }
  | { readonly kind: 'server'; readonly id: string; readonly node: ServerNode };

export interface RowOptions {
  readonly folded: ReadonlySet<string>;
  /** Ids that match the filter, with what is above them; `null`: all. */
  readonly clear: ReadonlySet<string> | null;
  readonly summary: (pair: SiteBranch['pairs'][number]) => string;
}

export function tableRows(tree: readonly SiteBranch[], { folded, clear, summary }: RowOptions): readonly TableRow[] {
  const rows: TableRow[] = [];
  const shown = (id: string): boolean => clear === null || clear.has(id);
  for (const site of tree) {
    for (const pair of site.pairs) {
      const below = [
        ...pair.units.map((unit) => unit.id),
        ...pair.services.flatMap((service) => [service.node.id, ...service.servers.map((server) => server.id)]),
      ];
      if (!shown(pair.node.id) && !below.some(shown)) continue;
      rows.push({ kind: 'pair', id: pair.node.id, site: site.node, node: pair.node, summary: summary(pair) });
      if (folded.has(pair.node.id)) continue;
      for (const unit of pair.units) if (shown(unit.id)) rows.push({ kind: 'unit', id: unit.id, node: unit });
      for (const { node, servers } of pair.services) {
        if (!shown(node.id) && !servers.some((server) => shown(server.id))) continue;
        rows.push({ kind: 'service', id: node.id, node });
        if (folded.has(node.id)) continue;
        for (const server of servers) {
          if (shown(server.id)) rows.push({ kind: 'server', id: server.id, node: server });
        }
      }
    }
  }
  return rows;
}
