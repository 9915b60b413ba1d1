import type { OverviewNode, Transition } from '../../contract/overview';
import type { State } from '../state';
import { cleanText } from './clean';

export type StatefulNode = Exclude<OverviewNode, { kind: 'site' }>;

/** Since when a node is in its state, as far as this program has seen. */
export interface KnownState {
  readonly state: State;
  readonly since: number;
}

export type NewTransition = Omit<Transition, 'id'>;

/** What changed between what was known and what is seen now. The first sight of a node is no change. */
export function stateChange(
  known: KnownState | null,
  node: StatefulNode,
  siteId: string,
  at: number,
): NewTransition | null {
  if (known === null || known.state === node.state) return null;
  return {
    at,
    siteId,
    nodeId: node.id,
    nodeName: node.name,
    kind: 'state',
    from: known.state,
    to: node.state,
    text: changeText(node),
  };
}

/** The active unit of a pair changed. */
export function failover(
  pair: StatefulNode,
  siteId: string,
  from: { readonly name: string },
  to: { readonly name: string },
  at: number,
): NewTransition {
  const text = `${to.name} took over from ${from.name}`;
  return {
    ...{ at, siteId, nodeId: pair.id, nodeName: pair.name, kind: 'failover' as const },
    ...{ from: pair.state, to: pair.state, text },
  };
}

/** `443 refused` where the unit tells why, else the state's word. */
function changeText(node: StatefulNode): string {
  if (node.kind !== 'server') return node.word;
  if (node.state === 'failed' && node.checkText !== null) return cleanText(`failed, ${node.checkText}`) ?? node.word;
  if (node.state === 'degraded' || node.state === 'unknown') return `${node.word}: ${node.drWord}`;
  return node.word;
}
