import type { JobCatalogue } from '#engine/jobs/index';
import type { DrFact, DrQuery } from '#shared/domain/overview/index';
import { verdictOf } from '#shared/domain/direct-routing/index';
import { Board } from './board';
import { Clients } from './clients';
import { DeadMen } from './dead-man';
import type { DirectRoutingDeps } from './deps';
import { directRoutingHandlers, type DirectRoutingHandlers } from './handlers';
import { namingStep } from './naming';
import { planKinds } from './prove';
import { differenceOfServer } from './read';
import { Reader } from './reader';
import { States } from './states';
import { deadManSteps } from './steps-dead-man';
import { drainSteps } from './steps-drain';
import { guardStep } from './steps-guard';
import { proofSteps } from './steps-proof';
import { windowsSteps } from './steps-windows';
import { DirectRoutingStore } from './store';
import { Turns } from './turns';
import { Watches } from './watches';
import { Wires } from './wires';

export { estateOf } from './estate';
export { askHere } from './wire-here';
export type { DirectRoutingDeps, DrAppliance, DrEstate, DrPair, DrServer } from './deps';
export type { DirectRoutingHandlers } from './handlers';

export interface DirectRouting {
  readonly handlers: DirectRoutingHandlers;
  /** For the jobs. */
  readonly catalogue: JobCatalogue;
  /** Loads what is stored and begins to follow the estate. Reads nothing. */
  start(): Promise<void>;
  stop(): void;
  /** Reads one Windows server and keeps its state; for the overview's poller. */
  readOne(windowsId: string, signal: AbortSignal): Promise<{ readonly readAt: number; readonly osName: string | null }>;
  /** The server's side of one real server, from what was read last; for the overview. Reads nothing. */
  factOf(query: DrQuery): DrFact;
  /** Something outside changed what rows show, for example the job that holds a server. */
  redraw(): void;
}

export function createDirectRouting(deps: DirectRoutingDeps): DirectRouting {
  const store = new DirectRoutingStore(deps.db);
  const states = new States({
    windows: deps.windows,
    now: deps.now,
    changed: (windowsId) => {
      board.drawSoon();
      deps.changed(windowsId);
    },
  });
  const wires = new Wires(deps, states, () => board.drawSoon());
  const clients = new Clients(deps, states, () => board.drawSoon());
  const board = new Board({ estate: deps.estate, states, wires, clients, jobOf: deps.jobOf }, store);
  const reader = new Reader(deps, states, wires);
  const deadMen = new DeadMen(deps, new Watches(deps.db));
  const fenced = { deps, states, store, deadMen };
  const proof = { estate: deps.estate, states, store, wires, deadMen };
  const afterJob = async (): Promise<void> => {
    await board.loadFixes();
    deps.changed(null);
  };
  let unfollow: (() => void) | null = null;
  return {
    handlers: directRoutingHandlers(fenced, board, reader, clients),
    catalogue: {
      steps: [
        guardStep(deps, states),
        ...drainSteps({ deps, states, turns: new Turns() }),
        ...windowsSteps(fenced),
        ...deadManSteps(fenced),
        ...proofSteps(proof),
      ].map(namingStep),
      plans: planKinds({ ...proof, deps, afterJob }),
    },
    start: async () => {
      await board.loadFixes();
      unfollow = deps.estate.onChange(() => {
        states.keepOnly(new Set(deps.estate.servers().map((server) => server.id)));
        board.drawSoon();
      });
    },
    stop: () => {
      unfollow?.();
      board.stop();
    },
    readOne: async (windowsId, signal) => {
      const { readAt, osName } = await reader.one(windowsId, signal);
      return { readAt, osName };
    },
    factOf: (query) => factOf(query, deps, states),
    redraw: () => board.drawSoon(),
  };
}

function factOf(query: DrQuery, deps: DirectRoutingDeps, states: States): DrFact {
  const server = deps.estate.servers().find((item) => item.id === query.windowsId);
  if (server === undefined) return { verdict: 'unknown', word: 'not in the inventory', readAt: null, pending: false };
  const known = states.of(server.id);
  const state = states.fresh(server.id);
  const readAt = known.state?.readAt ?? null;
  if (state === null) {
    return { verdict: 'unknown', word: 'unknown', readAt, pending: known.state === null && known.error === null };
  }
  const found = differenceOfServer(deps.estate, server, state);
  const verdict = verdictOf(query.service.address, found?.difference ?? null);
  return { verdict: verdict.server, word: verdict.word, readAt, pending: false };
}
