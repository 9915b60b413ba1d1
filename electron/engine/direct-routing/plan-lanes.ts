import type { DrOptions } from '#shared/contract/direct-routing';
import type { PlanLanes } from '#shared/contract/plans';
import type { ServiceStanding } from '#shared/domain/direct-routing/index';

/** Servers changed at a time at most; far below what a WinRM client or an appliance can bear. */
const width = 8;

export interface LaneOf {
  readonly id: string;
  readonly standings: readonly ServiceStanding[];
}

export interface DrawnLanes {
  readonly lanes: PlanLanes;
  readonly warnings: readonly string[];
}

/**
 * One lane a server, never two of the same service at a time. Where servers of one service may be changed together, a
 * service whose every server in service is in the plan keeps to one after the other: one must carry on.
 */
export function lanesOf(servers: readonly LaneOf[], options: Pick<DrOptions, 'together' | 'onFailure'>): DrawnLanes {
  const warnings: string[] = [];
  const kept = new Set<string>();
  for (const { key, name, others } of options.together ? servicesOf(servers) : []) {
    if (others > 0) {
      warnings.push(`Servers of ${name} are changed at the same time; ${others} of its servers in service carry on.`);
      continue;
    }
    kept.add(key);
    warnings.push(`Every server in service of ${name} is in this plan: they are changed one after the other.`);
  }
  const excludes = (lane: LaneOf): string[] => {
    const keys = [...new Set(lane.standings.map(keyOf))];
    return options.together ? keys.filter((key) => kept.has(key)) : keys;
  };
  const items = servers.map((lane) => ({ id: lane.id, excludes: excludes(lane) }));
  return { lanes: { width, onFailure: options.onFailure, items }, warnings };
}

interface PlannedService {
  readonly key: string;
  readonly name: string;
  /** Servers in service that are not in the plan. */
  readonly others: number;
}

/** Services of which the plan takes out more than one server. */
function servicesOf(servers: readonly LaneOf[]): readonly PlannedService[] {
  const taken = new Map<string, ServiceStanding[]>();
  for (const standing of servers.flatMap((lane) => lane.standings)) {
    if (standing.status === 'online') taken.set(keyOf(standing), [...(taken.get(keyOf(standing)) ?? []), standing]);
  }
  return [...taken].flatMap(([key, standings]) => {
    const [first] = standings;
    if (first === undefined || standings.length === 1) return [];
    const labels = new Set(standings.map((standing) => standing.label));
    const others = first.others.filter(
      (other) => other.status === 'online' && other.partly !== true && !labels.has(other.label),
    );
    return [{ key, name: first.serviceName, others: others.length }];
  });
}

function keyOf(standing: ServiceStanding): string {
  return `${standing.pairId}/${standing.serviceName}`;
}
