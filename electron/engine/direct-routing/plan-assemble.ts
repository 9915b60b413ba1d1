import type { DrOptions } from '#shared/contract/direct-routing';
import type { Plan, PlanChange, PlanStep } from '#shared/contract/plans';
import { carrying, type ServiceStanding } from '#shared/domain/direct-routing/index';
import type { DirectRoutingDeps, DrServer } from './deps';
import { lanesOf } from './plan-lanes';

/** What one server adds to a plan. */
export interface ServerPart {
  readonly server: DrServer;
  readonly steps: readonly PlanStep[];
  readonly changes: readonly PlanChange[];
  readonly warnings: readonly string[];
  readonly fingerprint: string;
  readonly standings: readonly ServiceStanding[];
}

export interface Assembly {
  readonly id: string;
  readonly kind: 'directRouting.fix' | 'directRouting.undo';
  readonly title: string;
  readonly parts: readonly ServerPart[];
  readonly warnings: readonly string[];
  readonly basis: Plan['basis'];
  readonly options: DrOptions;
}

export function assemble(deps: DirectRoutingDeps, draft: Assembly): Promise<Plan> {
  const pairIds = new Set(draft.parts.flatMap((part) => part.standings.map((standing) => standing.pairId)));
  const pairs = deps.estate.pairs().filter((pair) => pairIds.has(pair.id));
  const prints = Object.fromEntries(draft.parts.map((part) => [part.server.id, part.fingerprint]));
  // Both units of a pair: after a failover the other one takes the words.
  const units = pairs.flatMap((pair) => [pair.activeUnit, pair.passiveUnit].flatMap((unit) => unit?.id ?? []));
  const drawn =
    draft.parts.length === 1
      ? null
      : lanesOf(
          draft.parts.map(({ server, standings }) => ({ id: server.id, standings })),
          draft.options,
        );
  return deps.plans.keep({
    id: draft.id,
    kind: draft.kind,
    title: draft.title,
    effect: effectOf(draft.parts, draft.options),
    drawnUpAt: deps.now(),
    unitIds: [...draft.parts.map((part) => part.server.id), ...units],
    steps: draft.parts.flatMap((part) => part.steps),
    changes: draft.parts.flatMap((part) => part.changes),
    // Several servers of one service have the same warnings: once is enough.
    warnings: [
      ...new Set([...draft.warnings, ...(drawn?.warnings ?? []), ...draft.parts.flatMap((part) => part.warnings)]),
    ].slice(0, 200),
    // With several servers a failure takes back its own lane, not those that are in service again.
    onFailure: drawn === null ? 'undo' : 'stop',
    ...(drawn !== null && { lanes: drawn.lanes }),
    confirmName: null,
    basis: { ...prints, ...draft.basis },
    practice: draft.parts.some((part) => part.server.practice),
  });
}

/** What is at stake and what carries on. */
function effectOf(all: readonly ServerPart[], options: DrOptions): string {
  const names = listed(all.map((part) => part.server.name));
  const longest = Math.max(...all.map((part) => part.steps.reduce((sum, step) => sum + step.estimateSeconds, 0)));
  const taken = all.flatMap((part) => part.standings.filter((standing) => standing.status === 'online'));
  if (taken.length === 0) return `${names} takes no new connections now and is changed as it stands.`;
  if (all.length > 1) {
    const order = options.together
      ? `${names} are changed at the same time as far as their services allow`
      : `${names} are changed beside each other, never two of one service at a time`;
    const failure =
      options.onFailure === 'stop' ? 'no other begins, and it asks' : 'the others are changed all the same';
    return (
      `${order}, each without new connections for up to ${duration(longest)}. The other real servers carry on. ` +
      `A server that fails is restored from its snapshot and brought online as before; ${failure}.`
    );
  }
  const others = [...new Set(taken.flatMap(carrying).map((other) => other.name))];
  const services = listed([...new Set(taken.map((standing) => standing.serviceName))]);
  const carried =
    others.length === 0
      ? `No other server is proved to carry ${services}.`
      : `${listed(others)} ${others.length === 1 ? 'carries' : 'carry'} ${services}.`;
  return (
    `${names} takes no new connections for up to ${duration(longest)}. ${carried} ` +
    'If a step fails, its snapshot is restored.'
  );
}

function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}

export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 6);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) ?? ''}`;
}
