import { randomUUID } from 'node:crypto';
import pLimit from 'p-limit';
import type { DrOptions } from '#shared/contract/direct-routing';
import type { Plan } from '#shared/contract/plans';
import {
  compareConfigurations,
  configurationText,
  planUndo,
  standingKey,
  undoRows,
} from '#shared/domain/direct-routing/index';
import { EvenkeelError } from '#shared/errors';
import type { DrServer } from './deps';
import { fingerprint } from './fingerprint';
import { assemble, listed, type ServerPart } from './plan-assemble';
import { fixOf, freshStandings, planInput, refreshPairs, serverOf, type PlanParts } from './plan-server';
import { standingsOf, targetOfServer } from './read';
import type { Fix } from './store';

export type { PlanParts } from './plan-server';

/** Servers read at a time. */
const mostAtATime = 8;

/**
 * Reads the servers and their appliances and draws up the fix of those that need it. Refuses what only a person can
 * settle. Throws `plan_empty` when every server is right.
 */
export async function drawFix(
  parts: PlanParts,
  windowsIds: readonly string[],
  options: DrOptions,
  signal: AbortSignal,
): Promise<Plan> {
  const servers = windowsIds.map((id) => serverOf(parts, id));
  await refreshPairs(parts, servers, signal);
  const planId = `plan-${randomUUID()}`;
  const standings = servers.flatMap((server) => standingsOf(parts.deps.estate, parts.states, server));
  const fixedToo = new Set(standings.map(standingKey));
  const atATime = pLimit(mostAtATime);
  const drawing = { planId, fixedToo, options };
  const drawn = await Promise.all(servers.map((server) => atATime(() => fixOf(parts, server, drawing, signal))));
  const needed = drawn.filter((part) => part.steps.length > 0);
  const names = needed.map((part) => part.server.name);
  if (names.length === 0) {
    throw new EvenkeelError('plan_empty', {
      step: 'Direct Routing fix',
      unchanged: 'Every server holds what it needs.',
    });
  }
  const right = drawn.filter((part) => part.steps.length === 0).map((part) => part.server.name);
  return assemble(parts.deps, {
    id: planId,
    kind: 'directRouting.fix',
    title: `Direct Routing fix on ${listed(names)}`,
    parts: needed,
    warnings: right.length > 0 ? [`${listed(right)} holds what it needs and is left alone.`] : [],
    basis: {},
    options,
  });
}

/** Draws up the undo of the last fix of a server. Throws `plan_outdated` when the server changed since. */
export async function drawUndo(
  parts: PlanParts,
  windowsId: string,
  options: DrOptions,
  signal: AbortSignal,
): Promise<Plan> {
  const server = serverOf(parts, windowsId);
  const fix = await undoableFix(parts, server);
  await refreshPairs(parts, [server], signal);
  const snapshot = await parts.store.snapshot(fix.snapshotId);
  const state = await parts.states.read(windowsId, signal);
  await parts.deadMen.refuseOthers(windowsId, server.name, 'undo', signal);
  if (configurationText(state) !== fix.after) {
    throw new EvenkeelError('plan_outdated', {
      unit: server.name,
      step: 'undo',
      unchanged: 'Nothing was sent.',
      advice: `The network of the server changed since job ${fix.jobNumber}; the snapshot no longer fits.`,
    });
  }
  const planId = `plan-${randomUUID()}`;
  const standings = freshStandings(parts, server);
  const steps = planUndo({
    ...(await planInput(parts, server, standings, { planId, options })),
    target: targetOfServer(parts.deps.estate, server),
    before: snapshot.state,
    now: state,
    done: fix.operations,
    snapshotId: snapshot.id,
  });
  const part: ServerPart = {
    server,
    steps,
    changes: undoRows(server.name, compareConfigurations(state, snapshot.state)),
    warnings: [`After this ${server.name} does not serve its Direct Routing services.`],
    fingerprint: fingerprint(state),
    standings,
  };
  return assemble(parts.deps, {
    id: planId,
    kind: 'directRouting.undo',
    title: `Undo of the Direct Routing fix on ${server.name} (job ${fix.jobNumber})`,
    parts: [part],
    warnings: [],
    basis: { fixId: fix.id },
    options,
  });
}

async function undoableFix(parts: PlanParts, server: DrServer): Promise<Fix> {
  const fix = (await parts.store.latestFixes()).find((item) => item.windowsId === server.id);
  if (fix === undefined || fix.undone) {
    throw new EvenkeelError('not_found', { unit: server.name, step: 'undo', advice: 'There is no fix to undo.' });
  }
  return fix;
}
