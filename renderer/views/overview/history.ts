import type { OverviewNode, Transition } from '#shared/contract/overview';
import type { State } from '#shared/domain/state';

/** The state each node was in at a time, as far as transitions tell. Nodes that are not named were as they are now. */
export function statesAt(transitions: readonly Transition[], at: number): ReadonlyMap<string, State> {
  const states = new Map<string, State>();
  const ordered = [...transitions].filter((item) => item.kind === 'state').sort((a, b) => a.at - b.at);
  for (const item of ordered) {
    if (item.at <= at) states.set(item.nodeId, item.to);
    else if (!states.has(item.nodeId)) states.set(item.nodeId, item.from ?? 'unknown');
  }
  return states;
}

/** A node as it was: its state then, and no figures, because only states are kept. */
export function nodeThen(node: OverviewNode, states: ReadonlyMap<string, State>): OverviewNode {
  if (node.kind === 'site') return node;
  const state = states.get(node.id) ?? node.state;
  const word = state === node.state ? node.word : state;
  if (node.kind === 'server') {
    const receives = state === 'failed' || state === 'drained' || state === 'halted' ? false : node.receives;
    return { ...node, state, word, receives, activeConnections: null, connectionsPerSecond: null, weight: null };
  }
  if (node.kind === 'service') return { ...node, state, word, activeConnections: null, connectionsPerSecond: null };
  return { ...node, state, word };
}

/** A node of which nothing is known any more: never shown as healthy, its last word kept. */
export function asUnknown(node: OverviewNode): OverviewNode {
  if (node.kind === 'site') return node;
  const word = node.state === 'unknown' ? node.word : was(node.word);
  const unknown = { state: 'unknown', word, stale: true } as const;
  // The server's side is not known either: its reply is drawn dashed.
  if (node.kind !== 'server' || node.dr === 'not-needed') return { ...node, ...unknown };
  return { ...node, ...unknown, dr: 'unknown', drWord: node.dr === 'unknown' ? node.drWord : was(node.drWord) };
}

function was(word: string): string {
  return `was ${word}`.slice(0, 120);
}
