import { composeScript } from '#engine/windows/index';
import type { HandlersOf } from '#engine/dispatch/index';
import { nothingSent } from '#engine/jobs/index';
import type { DrOptions } from '#shared/contract/direct-routing';
import { fixOperations, handLines, handUndo } from '#shared/domain/direct-routing/index';
import { EvenkeelError } from '#shared/errors';
import type { Board } from './board';
import type { Clients } from './clients';
import { drawFix, drawUndo, type PlanParts } from './plan';
import { differenceOfServer } from './read';
import type { Reader } from './reader';

export type DirectRoutingHandlers = HandlersOf<
  | 'directRouting.matrix'
  | 'directRouting.read'
  | 'directRouting.proveClient'
  | 'directRouting.plan'
  | 'directRouting.planUndo'
  | 'directRouting.byHand',
  'directRouting.live'
>;

export function directRoutingHandlers(
  parts: PlanParts,
  board: Board,
  reader: Reader,
  clients: Clients,
): DirectRoutingHandlers {
  return {
    calls: {
      'directRouting.matrix': () => {
        board.draw();
        return Promise.resolve([...board.live.values()]);
      },
      'directRouting.read': async ({ windowsIds }, { signal }) => {
        const outcome = await reader.all(windowsIds, signal);
        board.draw();
        return outcome;
      },
      'directRouting.proveClient': async ({ pairId, ...question }, { signal }) => {
        const items = await clients.prove(pairId, question, signal);
        board.draw();
        return items;
      },
      'directRouting.plan': ({ windowsIds, options }, { signal }) =>
        nothingSent(drawFix(parts, [...new Set(windowsIds)], options, signal)),
      'directRouting.planUndo': ({ windowsId, options }, { signal }) =>
        nothingSent(drawUndo(parts, windowsId, options, signal)),
      'directRouting.byHand': ({ windowsId, options }, { signal }) => byHand(parts, windowsId, options, signal),
    },
    streams: { 'directRouting.live': () => board.live },
  };
}

/** The fix that a plan with these options would make, from the last reading; read now only where there is none. */
async function byHand(parts: PlanParts, windowsId: string, options: DrOptions, signal: AbortSignal) {
  const { estate } = parts.deps;
  const server = estate.servers().find((item) => item.id === windowsId);
  if (server === undefined) throw new EvenkeelError('not_found', { step: 'by hand', unitId: windowsId });
  const state = parts.states.fresh(windowsId) ?? (await parts.states.read(windowsId, signal));
  const earlier = await parts.store.addressesFixed(windowsId);
  const found = differenceOfServer(estate, server, state, { ...options, earlier });
  if (found === null) {
    throw new EvenkeelError('not_found', {
      unit: server.name,
      step: 'by hand',
      advice: 'No Direct Routing service contains this server, or its appliance has not been read.',
    });
  }
  const phases = fixOperations(found.target, found.difference);
  const operations = phases.flatMap((part) => part.operations);
  const script = operations.length === 0 ? '# Nothing to change.' : composeScript(operations);
  return { ...handLines(phases, found.difference), script, undo: handUndo(operations, state) };
}
