import type { Generated } from 'kysely';

export interface OverviewTables {
  transition: TransitionTable;
  node_state: NodeStateTable;
}

/** Times are milliseconds since 1970, UTC. */
export interface TransitionTable {
  sequence: Generated<number>;
  at: number;
  site_id: string;
  node_id: string;
  node_name: string;
  /** `state` or `failover`. */
  kind: string;
  from_state: string | null;
  to_state: string;
  text: string;
}

export interface NodeStateTable {
  node_id: string;
  state: string;
  since: number;
  /** For a pair: the unit that was active last. */
  active_unit: string | null;
}
