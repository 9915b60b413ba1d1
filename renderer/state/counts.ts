import type { OverviewNode } from '#shared/contract/overview';
import type { State } from '#shared/domain/state';

export interface Counts {
  readonly pairs: number;
  readonly services: number;
  readonly servers: number;
  /** Real servers by state; those halted count as drained: both were taken out on purpose. */
  readonly byState: Readonly<Record<Exclude<State, 'halted'>, number>>;
  /** Windows servers, not labels: one fix mends all labels of a server. */
  readonly needFix: number;
}

export function countNodes(nodes: Iterable<OverviewNode>): Counts {
  const byState = { healthy: 0, degraded: 0, failed: 0, drained: 0, unknown: 0 };
  let pairs = 0;
  let services = 0;
  let servers = 0;
  const needing = new Set<string>();
  for (const node of nodes) {
    if (node.kind === 'pair') pairs++;
    else if (node.kind === 'service') services++;
    else if (node.kind === 'server') {
      servers++;
      byState[node.state === 'halted' ? 'drained' : node.state]++;
      if (node.dr === 'fix-missing') needing.add(node.windowsId ?? node.address);
    }
  }
  return { pairs, services, servers, byState, needFix: needing.size };
}

export function serversNeedingFix(nodes: Iterable<OverviewNode>): number {
  return countNodes(nodes).needFix;
}
