import type { OverviewNode, PairNode, ServerNode, ServiceNode, SiteNode, UnitNode } from '#shared/contract/overview';

/** Finds nodes by id; what the map draws its words and marks from. */
export type FindNode = (id: string) => OverviewNode | undefined;

interface NodeKinds {
  readonly site: SiteNode;
  readonly pair: PairNode;
  readonly unit: UnitNode;
  readonly service: ServiceNode;
  readonly server: ServerNode;
}

/** The node of an id, if it is there and of the kind wanted. */
export function nodeOf<K extends keyof NodeKinds>(find: FindNode, id: string, kind: K): NodeKinds[K] | null {
  const node = find(id);
  return node?.kind === kind ? (node as NodeKinds[K]) : null;
}

/** What is drawn besides the nodes themselves. */
export interface MapView {
  readonly selected: string | null;
  /** Ids that stay clear while everything else is dimmed; `null`: nothing is dimmed. */
  readonly clear: ReadonlySet<string> | null;
  readonly now: number;
  /** Nodes whose values changed in the last 0.8 s. */
  readonly changed: ReadonlySet<string>;
}
