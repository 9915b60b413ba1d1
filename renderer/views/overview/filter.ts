import type { ServerNode } from '#shared/contract/overview';
import type { SiteBranch } from '../../state/index';

/** What a count of the strip narrows the overview to. */
export type Filter = 'healthy' | 'degraded' | 'failed' | 'drained' | 'unknown' | 'need-fix';

function matches(server: ServerNode, filter: Filter): boolean {
  if (filter === 'need-fix') return server.dr === 'fix-missing';
  return filter === 'drained' ? server.state === 'drained' || server.state === 'halted' : server.state === filter;
}

/** The real servers that match, with their service and pair; `null`: no filter. */
export function clearIds(tree: readonly SiteBranch[], filter: Filter | null): ReadonlySet<string> | null {
  if (filter === null) return null;
  const ids = new Set<string>();
  for (const site of tree) {
    for (const pair of site.pairs) {
      for (const service of pair.services) {
        for (const server of service.servers) {
          if (!matches(server, filter)) continue;
          ids.add(server.id).add(service.node.id).add(pair.node.id).add(site.node.id);
        }
      }
    }
  }
  return ids;
}
