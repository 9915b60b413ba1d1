import { randomUUID } from 'node:crypto';
import { composeScript } from '#engine/windows/index';
import type { Plan, PlanAction, PlanChange, PlanStep } from '#shared/contract/plans';
import {
  carrying,
  changeRows,
  compareConfigurations,
  configurationText,
  faultsOf,
  guardVerdict,
  planFix,
  planUndo,
  reasonText,
  undoRows,
  type ServiceStanding,
  type Texts,
} from '#shared/domain/direct-routing/index';
import { EvenkeelError } from '#shared/errors';
import type { DirectRoutingDeps, DrServer } from './deps';
import { fingerprint } from './prove';
import { activeUnits, differenceOfServer, drServicesOf, readOthers, standingsOf, targetOfServer } from './read';
import type { States } from './states';
import { lastHealthy } from './steps-appliance';
import type { DirectRoutingStore, Fix } from './store';

export interface PlanParts {
  readonly deps: DirectRoutingDeps;
  readonly states: States;
  readonly store: DirectRoutingStore;
}

/** What one server adds to a plan. */
interface ServerPart {
  readonly server: DrServer;
  readonly steps: readonly PlanStep[];
  readonly changes: readonly PlanChange[];
  readonly warnings: readonly string[];
  readonly fingerprint: string;
  readonly standings: readonly ServiceStanding[];
}

/**
 * Reads the servers and their appliances and draws up the fix of those that need it. Refuses what only a person can
 * settle. Throws `plan_empty` when every server is right.
 */
export async function drawFix(parts: PlanParts, windowsIds: readonly string[], signal: AbortSignal): Promise<Plan> {
  const servers = windowsIds.map((id) => serverOf(parts, id));
  await refreshPairs(parts, servers, signal);
  const planId = `plan-${randomUUID()}`;
  const drawn: ServerPart[] = [];
  const labels = servers.flatMap((server) => standingsOf(parts.deps.estate, parts.states, server));
  const fixedToo = new Set(labels.map((standing) => standing.label));
  for (const server of servers) drawn.push(await fixOf(parts, server, { planId, fixedToo }, signal));
  const needed = drawn.filter((part) => part.steps.length > 0);
  const names = needed.map((part) => part.server.name);
  if (names.length === 0) {
    throw new EvenkeelError('plan_empty', {
      step: 'Direct Routing fix',
      unchanged: 'Every server holds what it needs.',
    });
  }
  const right = drawn.filter((part) => part.steps.length === 0).map((part) => part.server.name);
  return assemble(parts, {
    id: planId,
    kind: 'directRouting.fix',
    title: `Direct Routing fix on ${listed(names)}`,
    parts: needed,
    warnings: right.length > 0 ? [`${listed(right)} holds what it needs and is left alone.`] : [],
    basis: {},
  });
}

/** Draws up the undo of the last fix of a server. Throws `plan_outdated` when the server changed since. */
export async function drawUndo(parts: PlanParts, windowsId: string, signal: AbortSignal): Promise<Plan> {
  const server = serverOf(parts, windowsId);
  const fix = await undoableFix(parts, server);
  await refreshPairs(parts, [server], signal);
  const snapshot = await parts.store.snapshot(fix.snapshotId);
  const state = await parts.states.read(windowsId, signal);
  if (configurationText(state) !== fix.after) {
    throw new EvenkeelError('plan_outdated', {
      unit: server.name,
      step: 'undo',
      unchanged: 'Nothing was sent.',
      advice: `The network of the server changed since job ${fix.jobNumber}; the snapshot no longer fits.`,
    });
  }
  const values = compareConfigurations(state, snapshot.state);
  const planId = `plan-${randomUUID()}`;
  const standings = fresh(parts, server);
  const units = activeUnits(parts.deps.estate, standings);
  const steps = planUndo({
    windowsId,
    name: server.name,
    standings,
    units,
    texts: await textsFor(parts, standings),
    drainSeconds: drainSecondsFor(parts, server),
    snapshotName: snapshotName(server, planId),
    target: targetOfServer(parts.deps.estate, server),
    before: snapshot.state,
    done: fix.operations,
    snapshotId: snapshot.id,
  });
  const part: ServerPart = {
    server,
    steps,
    changes: undoRows(server.name, values),
    warnings: [`After this ${server.name} does not serve its Direct Routing services.`],
    fingerprint: fingerprint(state),
    standings,
  };
  return assemble(parts, {
    id: planId,
    kind: 'directRouting.undo',
    title: `Undo of the Direct Routing fix on ${server.name} (job ${fix.jobNumber})`,
    parts: [part],
    warnings: [],
    basis: { fixId: fix.id },
  });
}

async function undoableFix(parts: PlanParts, server: DrServer): Promise<Fix> {
  const fix = (await parts.store.latestFixes()).find((item) => item.windowsId === server.id);
  if (fix === undefined || fix.undone) {
    throw new EvenkeelError('not_found', { unit: server.name, step: 'undo', advice: 'There is no fix to undo.' });
  }
  return fix;
}

async function fixOf(
  parts: PlanParts,
  server: DrServer,
  { planId, fixedToo }: { readonly planId: string; readonly fixedToo: ReadonlySet<string> },
  signal: AbortSignal,
): Promise<ServerPart> {
  const { estate } = parts.deps;
  const state = await parts.states.read(server.id, signal);
  const found = differenceOfServer(estate, server, state);
  if (found === null) {
    throw new EvenkeelError('not_found', {
      unit: server.name,
      step: 'plan',
      advice: 'No Direct Routing service contains this server, or its appliance has not been read.',
    });
  }
  const { target, difference } = found;
  const stops = faultsOf(difference).filter((item) => item.level === 'stop');
  if (stops.length > 0) {
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
  const standings = fresh(parts, server);
  const steps = planFix({
    windowsId: server.id,
    name: server.name,
    standings,
    units: activeUnits(estate, standings),
    texts: await textsFor(parts, standings),
    drainSeconds: drainSecondsFor(parts, server),
    snapshotName: snapshotName(server, planId),
    target,
    difference,
  });
  const guard = guardVerdict(standings, fixedToo);
  const [lost] = guard.lost;
  if (steps.length > 0 && lost !== undefined) throw lastHealthy(server.name, lost.serviceName);
  const reports = difference.checks.filter((item) => item.code !== null && item.level === 'report').map(reasonText);
  return {
    server,
    steps,
    changes: changeRows(server.name, difference.checks),
    warnings: [...guard.warnings, ...reports.map((text) => `${server.name}: ${text}`)],
    fingerprint: fingerprint(state),
    standings,
  };
}

/** How the server stands; refuses while an appliance has not told. */
function fresh(parts: PlanParts, server: DrServer): readonly ServiceStanding[] {
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

/** Every text is made before the plan, by the drivers that will send it. */
async function textsFor(parts: PlanParts, standings: readonly ServiceStanding[]): Promise<Texts> {
  const units = activeUnits(parts.deps.estate, standings);
  const calls = new Map<string, PlanAction>();
  for (const standing of standings) {
    const unit = units.find((item) => item.pairId === standing.pairId);
    if (unit === undefined) continue;
    for (const action of ['drain', 'online'] as const) {
      const call = { action, vip: standing.serviceName, rip: standing.label };
      calls.set(callKey(unit.unitId, action, call.vip, call.rip), await parts.deps.describeCall(unit.unitId, call));
    }
  }
  return {
    script: composeScript,
    lbcli: (unitId, action, vip, rip) => {
      const call = calls.get(callKey(unitId, action, vip, rip));
      if (call === undefined) throw new Error(`No text for ${action} ${vip} ${rip}`);
      return call;
    },
    arping: (address) => `arping -b -c 3 -w 4 ${address}`,
  };
}

function callKey(...words: readonly string[]): string {
  return words.join('\n');
}

interface Assembly {
  readonly id: string;
  readonly kind: 'directRouting.fix' | 'directRouting.undo';
  readonly title: string;
  readonly parts: readonly ServerPart[];
  readonly warnings: readonly string[];
  readonly basis: Plan['basis'];
}

function assemble(parts: PlanParts, draft: Assembly): Promise<Plan> {
  const pairIds = new Set(draft.parts.flatMap((part) => part.standings.map((standing) => standing.pairId)));
  const pairs = parts.deps.estate.pairs().filter((pair) => pairIds.has(pair.id));
  const prints = Object.fromEntries(draft.parts.map((part) => [part.server.id, part.fingerprint]));
  const units = pairs.flatMap((pair) => (pair.activeUnit === null ? [] : [pair.activeUnit.id]));
  return parts.deps.plans.keep({
    id: draft.id,
    kind: draft.kind,
    title: draft.title,
    effect: effectOf(draft.parts),
    drawnUpAt: parts.deps.now(),
    unitIds: [...draft.parts.map((part) => part.server.id), ...units],
    steps: draft.parts.flatMap((part) => part.steps),
    changes: draft.parts.flatMap((part) => part.changes),
    // Several servers of one service have the same warnings: once is enough.
    warnings: [...new Set([...draft.warnings, ...draft.parts.flatMap((part) => part.warnings)])].slice(0, 200),
    // With several servers a failure must not take back those that are in service again: a person decides.
    onFailure: draft.parts.length === 1 ? 'undo' : 'stop',
    confirmName: null,
    basis: { ...prints, ...draft.basis },
    practice: draft.parts.some((part) => part.server.practice),
  });
}

/** What is at stake and what carries on. */
function effectOf(all: readonly ServerPart[]): string {
  const names = listed(all.map((part) => part.server.name));
  const longest = Math.max(...all.map((part) => part.steps.reduce((sum, step) => sum + step.estimateSeconds, 0)));
  const taken = all.flatMap((part) => part.standings.filter((standing) => standing.status === 'online'));
  if (taken.length === 0) return `${names} takes no new connections now and is changed as it stands.`;
  if (all.length > 1) {
    const order = `${names} are changed one after the other, each without new connections for up to ${duration(longest)}.`;
    return `${order} The other real servers carry on. It stops at the first failure and asks.`;
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

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 6);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) ?? ''}`;
}

function drainSecondsFor(parts: PlanParts, server: DrServer): number {
  const { drainSeconds, practiceDrainSeconds = 5 } = parts.deps;
  return server.practice ? Math.min(drainSeconds, practiceDrainSeconds) : drainSeconds;
}

function serverOf(parts: PlanParts, windowsId: string): DrServer {
  const server = parts.deps.estate.servers().find((item) => item.id === windowsId);
  if (server === undefined) throw new EvenkeelError('not_found', { step: 'plan', unitId: windowsId });
  return server;
}

async function refreshPairs(parts: PlanParts, servers: readonly DrServer[], signal: AbortSignal): Promise<void> {
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
