import type { OverviewNode } from '../../contract/overview';
import { states, type State } from '../state';

export interface OverviewCounts {
  readonly pairs: number;
  readonly services: number;
  readonly servers: number;
  /** Real servers by state. */
  readonly byState: Readonly<Record<State, number>>;
  /** Windows servers, each once, of which a Direct Routing service finds the fix missing. */
  readonly needFix: number;
}

/** The strip of counts over the map. */
export function counts(nodes: Iterable<OverviewNode>): OverviewCounts {
  const byState = Object.fromEntries(states.map((state) => [state, 0])) as Record<State, number>;
  const needFix = new Set<string>();
  let [pairs, services, servers] = [0, 0, 0];
  for (const node of nodes) {
    if (node.kind === 'pair') pairs += 1;
    else if (node.kind === 'service') services += 1;
    else if (node.kind === 'server') {
      servers += 1;
      byState[node.state] += 1;
      if (node.dr === 'fix-missing') needFix.add(node.windowsId ?? `${node.pairId} ${node.address}`);
    }
  }
  return { pairs, services, servers, byState, needFix: needFix.size };
}
