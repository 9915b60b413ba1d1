import type { HandlersOf } from '#engine/dispatch/index';
import type { overviewCalls, overviewStreams } from '#shared/contract/overview';
import type { Overview } from './overview';
import { drawAvailability } from './plan';
import { transitionsSource } from './transitions-source';
import type { OverviewDeps } from './types';

export type OverviewHandlers = HandlersOf<keyof typeof overviewCalls, keyof typeof overviewStreams>;

/** The overview's part of the contract. */
export function overviewHandlers(overview: Overview, deps: OverviewDeps): OverviewHandlers {
  const { board, history } = overview;
  return {
    calls: {
      'overview.nodes': () => Promise.resolve([...board.nodes.values()]),
      'overview.read': ({ unitIds }, { signal }) => overview.readNow(unitIds, signal),
      'overview.history': ({ since, limit }) => history.since(since, limit),
      'overview.planAvailability': async (input) =>
        deps.plans.keep(await drawAvailability(input, board, deps.inventory, deps.clock.now())),
    },
    streams: {
      'overview.live': () => board.nodes,
      'overview.transitions': ({ hours }) => transitionsSource(history, hours, () => deps.clock.now()),
    },
  };
}
