import type { DrOptions } from '#shared/contract/direct-routing';
import {
  changeRows,
  faultsOf,
  guardVerdict,
  planFix,
  reasonText,
  type Check,
  type ServerPlanInput,
  type ServiceStanding,
} from '#shared/domain/direct-routing/index';
import { EvenkeelError } from '#shared/errors';
import type { DeadMen } from './dead-man';
import type { DirectRoutingDeps, DrServer } from './deps';
import { fingerprint } from './fingerprint';
import type { ServerPart } from './plan-assemble';
import { textsFor } from './plan-texts';
import { activeUnits, differenceOfServer, drServicesOf, readOthers, standingsOf } from './read';
import type { States } from './states';
import { lastHealthy } from './steps-guard';
import type { DirectRoutingStore } from './store';

export interface PlanParts {
  readonly deps: DirectRoutingDeps;
  readonly states: States;
  readonly store: DirectRoutingStore;
  readonly deadMen: DeadMen;
}

export interface Drawing {
  readonly planId: string;
  readonly options: DrOptions;
}

/** What the fix of one server adds to a plan. Refuses what only a person can settle. */
export async function fixOf(
  parts: PlanParts,
  server: DrServer,
  drawing: Drawing & { readonly fixedToo: ReadonlySet<string> },
  signal: AbortSignal,
): Promise<ServerPart> {
  const { estate } = parts.deps;
  const state = await parts.states.read(server.id, signal);
  await parts.deadMen.refuseOthers(server.id, server.name, 'plan', signal);
  const found = differenceOfServer(estate, server, state, {
    ...drawing.options,
    earlier: await parts.store.addressesFixed(server.id),
  });
  if (found === null) {
    throw new EvenkeelError('not_found', {
      unit: server.name,
      step: 'plan',
      advice: 'No Direct Routing service contains this server, or its appliance has not been read.',
    });
  }
  const { target, difference } = found;
  refuseStops(server, faultsOf(difference));
  const standings = freshStandings(parts, server);
  const steps = planFix({ ...(await planInput(parts, server, standings, drawing)), target, difference });
  const guard = guardVerdict(standings, drawing.fixedToo);
  const [lost] = guard.lost;
  if (steps.length > 0 && lost !== undefined) throw lastHealthy(server.name, lost.serviceName);
  const reports = difference.checks.filter((item) => item.code !== null && item.level === 'report').map(reasonText);
  return {
    server,
    steps,
    changes: changeRows(server.name, difference.checks),
    warnings: [
      ...guard.warnings,
      ...raisedWarning(server, steps, drawing.options),
      ...reports.map((text) => `${server.name}: ${text}`),
    ],
    fingerprint: fingerprint(state),
    standings,
  };
}

/** Throws `address_conflict`, `not_administrator` or `conflict`. */
function refuseStops(server: DrServer, faults: readonly Check[]): void {
  const stops = faults.filter((item) => item.level === 'stop');
  if (stops.length === 0) return;
  const conflict = stops.some((item) => item.code === 'vip-on-other-adapter' || item.code === 'address-duplicate');
  const denied = stops.some((item) => item.code === 'read-denied');
  throw new EvenkeelError(conflict ? 'address_conflict' : denied ? 'not_administrator' : 'conflict', {
    unit: server.name,
    step: 'plan',
    reasons: stops.map(reasonText),
    unchanged: 'Nothing was sent.',
    advice: 'A person must settle this on the server first.',
  });
}

/** The dead-man waits longer than was asked for where the steps under its watch may take that long. */
function raisedWarning(server: DrServer, steps: ServerPart['steps'], options: DrOptions): readonly string[] {
  const minutes = steps.find((step) => step.kind === 'directRouting.arm')?.input['minutes'];
  if (typeof minutes !== 'number' || minutes <= options.revertMinutes) return [];
  return [
    `${server.name} waits ${minutes} min before it takes everything back, not ${options.revertMinutes}: the steps may take that long.`,
  ];
}

/** What every plan of one server needs. */
export async function planInput(
  parts: PlanParts,
  server: DrServer,
  standings: readonly ServiceStanding[],
  { planId, options }: Drawing,
): Promise<ServerPlanInput> {
  return {
    windowsId: server.id,
    name: server.name,
    standings,
    units: activeUnits(parts.deps.estate, standings),
    texts: await textsFor(parts.deps, standings),
    drainSeconds: options.drainSeconds ?? drainSecondsFor(parts, server),
    whenTimeIsUp: options.whenTimeIsUp,
    revertMinutes: options.revertMinutes,
    snapshotName: snapshotName(server, planId),
  };
}

/** How the server stands; refuses while an appliance has not told. */
export function freshStandings(parts: PlanParts, server: DrServer): readonly ServiceStanding[] {
  const standings = standingsOf(parts.deps.estate, parts.states, server);
  const pairs = parts.deps.estate.pairs();
  const blind = standings.find((standing) => {
    const pair = pairs.find((item) => item.id === standing.pairId);
    return pair?.fresh !== true || pair.activeUnit === null || standing.status === null;
  });
  if (blind === undefined) return standings;
  throw new EvenkeelError('stale_reading', {
    unit: server.name,
    step: 'plan',
    service: blind.serviceName,
    unchanged: 'Nothing was sent.',
    advice: 'The appliance did not tell how the server stands. Read it again.',
  });
}

function drainSecondsFor(parts: PlanParts, server: DrServer): number {
  const { drainSeconds, practiceDrainSeconds = 5 } = parts.deps;
  return server.practice ? Math.min(drainSeconds, practiceDrainSeconds) : drainSeconds;
}

/** Throws `not_found`. */
export function serverOf(parts: PlanParts, windowsId: string): DrServer {
  const server = parts.deps.estate.servers().find((item) => item.id === windowsId);
  if (server === undefined) throw new EvenkeelError('not_found', { step: 'plan', unitId: windowsId });
  return server;
}

/** Reads the pairs that know these servers, and the other servers of their services, again. */
export async function refreshPairs(parts: PlanParts, servers: readonly DrServer[], signal: AbortSignal): Promise<void> {
  const { estate } = parts.deps;
  const pairIds = servers.flatMap((server) =>
    standingsOf(estate, parts.states, server).map((standing) => standing.pairId),
  );
  const unknown = pairIds.length === 0 ? estate.pairs().map((pair) => pair.id) : pairIds;
  await estate.refresh([...new Set(unknown)], signal);
  const pairs = estate.pairs().filter((pair) => unknown.includes(pair.id));
  const inService = pairs.flatMap(drServicesOf).flatMap((service) => service.realServers);
  // What the others hold decides whether they carry on.
  await readOthers(
    estate,
    parts.states,
    inService.map((real) => real.address),
    signal,
  );
}

function snapshotName(server: DrServer, planId: string): string {
  return `${server.name.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 40)}-${planId.slice(5, 13)}`;
}
