import type { PairNode, ServerNode, ServiceNode, SiteNode, UnitNode } from '#shared/contract/overview';
import type { PairBranch, SiteBranch } from '../../../state/index';

/** A node with all that its inspector needs of what is around it. */
export type Place =
  | { readonly kind: 'site'; readonly site: SiteNode }
  | { readonly kind: 'pair'; readonly site: SiteNode; readonly pair: PairBranch }
  | { readonly kind: 'unit'; readonly site: SiteNode; readonly pair: PairNode; readonly unit: UnitNode }
  | {
      readonly kind: 'service';
      readonly site: SiteNode;
      readonly pair: PairNode;
      readonly units: readonly UnitNode[];
      readonly service: ServiceNode;
      readonly servers: readonly ServerNode[];
    }
  | {
      readonly kind: 'server';
      readonly site: SiteNode;
      readonly pair: PairNode;
      readonly units: readonly UnitNode[];
      readonly service: ServiceNode;
      readonly siblings: readonly ServerNode[];
      readonly server: ServerNode;
    };

export function placeOf(tree: readonly SiteBranch[], id: string): Place | null {
  for (const { node: site, pairs } of tree) {
    if (site.id === id) return { kind: 'site', site };
    for (const branch of pairs) {
      const { node: pair, units, services } = branch;
      if (pair.id === id) return { kind: 'pair', site, pair: branch };
      const unit = units.find((item) => item.id === id);
      if (unit !== undefined) return { kind: 'unit', site, pair, unit };
      for (const { node: service, servers } of services) {
        if (service.id === id) return { kind: 'service', site, pair, units, service, servers };
        const server = servers.find((item) => item.id === id);
        if (server !== undefined) return { kind: 'server', site, pair, units, service, siblings: servers, server };
      }
    }
  }
  return null;
}
