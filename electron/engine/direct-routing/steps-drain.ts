import { z } from 'zod';
import { stepKind, type StepContext, type StepKind } from '#engine/jobs/index';
import type { ApplianceReading, RealServerReading } from '#shared/domain/appliance/reading';
import { guardVerdict, type ServiceStanding } from '#shared/domain/direct-routing/index';
import { EvenkeelError } from '#shared/errors';
import { pause, readCarrier, type CarrierDeps } from './carrier';
import { tellingLeftOut } from './left-out';
import {
  allAre,
  bringOnline,
  findIn,
  isBack,
  isDrained,
  isOut,
  keyOf,
  readServers,
  realRef,
  send,
  settle,
  statusesOf,
  takenOf,
  type RealRef,
  type Servers,
} from './real-servers';
import type { States } from './states';
import { refuseLast, standingIn } from './steps-guard';
import type { Turns } from './turns';

const servers = {
  /** Plans of earlier versions name no pair. */
  pairId: z.string().optional(),
  unitId: z.string(),
  servers: z.array(realRef).min(1),
};
export const drainInput = z.strictObject({
  ...servers,
  windowsId: z.string().optional(),
  timeoutSeconds: z.number().int().nonnegative(),
  whenTimeIsUp: z.enum(['go-on', 'stop']).default('go-on'),
});
export const onlineInput = z.strictObject({ ...servers, drainStepId: z.string() });

type DrainInput = z.infer<typeof drainInput>;

export interface DrainParts {
  readonly deps: CarrierDeps;
  readonly states: States;
  readonly turns: Turns;
}

/** Drain and online: what the appliance does around the change of a server. */
export function drainSteps(parts: DrainParts): readonly StepKind[] {
  return [drain(parts), online(parts)];
}

function drain(parts: DrainParts): StepKind {
  const { deps } = parts;
  return stepKind({
    kind: 'directRouting.drain',
    input: drainInput,
    whenInterrupted: 'resume',
    inspect: async (context, input) => {
      const out = await allAre(deps, input, context.signal, isDrained);
      // Drained is not enough: what the step waits for are the connections that go on.
      if (out !== 'done') return out;
      return openIn(await statusesOf(deps, input, context.signal)) === 0 ? 'done' : 'not-done';
    },
    run: async (context, input) => {
      await takeOut(parts, input, context);
      await waitForConnections(parts, input, context);
      return 'done';
    },
    undo: (context, input) => {
      const taken = takenOf(context.recall());
      return tellingLeftOut(taken, () => bringOnline(deps, input, taken, context));
    },
  });
}

function online(parts: DrainParts): StepKind {
  const { deps, turns } = parts;
  return stepKind({
    kind: 'directRouting.online',
    input: onlineInput,
    whenInterrupted: 'resume',
    inspect: (context, input) =>
      allAre(deps, input, context.signal, isBack(takenOf(context.recallOf(input.drainStepId)))),
    run: async (context, input) => {
      const taken = takenOf(context.recallOf(input.drainStepId));
      if (taken.length === 0) {
        context.note('Nothing was drained, nothing is brought online.');
        return 'skipped';
      }
      await context.remember({ started: true });
      await bringOnline(deps, input, taken, context);
      return 'done';
    },
    // The rest is taken back after this: once more without new connections.
    undo: async (context, input) => {
      const taken = takenOf(context.recallOf(input.drainStepId));
      if (taken.length === 0) return;
      const takeOutAgain = async (): Promise<void> => {
        const carrier = await readCarrier(deps, input, context);
        warnOfLast(parts, input, taken, carrier.reading, context);
        for (const wanted of taken) await send(carrier, 'drain', wanted, context);
        await settle(deps, { ...input, servers: taken }, context, isOut);
      };
      await tellingLeftOut(taken, () => turns.run(turnOf(input), context.signal, takeOutAgain));
    },
  });
}

/**
 * Takes out what is in service now. Read, decided and sent in one turn of the pair, on the unit that carries it: what
 * another lane or job took out meanwhile does not count as carrying on.
 */
async function takeOut(parts: DrainParts, input: DrainInput, context: StepContext): Promise<void> {
  const { deps } = parts;
  await parts.turns.run(turnOf(input), context.signal, async () => {
    const { carrier, found } = await readServers(deps, input, context);
    const online = found.filter(({ real }) => real.status === 'online');
    const taken = online.map(({ wanted }) => wanted);
    refuseLast(standingsOf(parts, input, taken, carrier.reading), context);
    // Only what is in service is taken out, and only that comes back: written down before the first word is sent.
    const before = takenOf(context.recall());
    const known = new Set(before.map(keyOf));
    const added = online.filter(({ wanted }) => !known.has(keyOf(wanted)));
    const partly = added.filter(({ real }) => real.partly === true).map(({ wanted }) => keyOf(wanted));
    await context.remember({
      taken: [...known, ...added.map(({ wanted }) => keyOf(wanted))],
      takenPartly: [...before.filter((item) => item.partly).map(keyOf), ...partly],
    });
    for (const wanted of taken) await send(carrier, 'drain', wanted, context);
    await settle(deps, input, context, isOut);
  });
}

/** Taking back goes on all the same: a server that is not as it should be carries nobody. */
function warnOfLast(
  parts: DrainParts,
  input: Servers,
  taken: readonly RealRef[],
  reading: ApplianceReading,
  context: StepContext,
): void {
  for (const { serviceName } of guardVerdict(standingsOf(parts, input, taken, reading)).lost) {
    context.note(`No other server of ${serviceName} is in service meanwhile.`, { level: 'warning' });
  }
}

function standingsOf(
  { deps, states }: DrainParts,
  { pairId = '' }: Servers,
  taken: readonly RealRef[],
  reading: ApplianceReading,
): readonly ServiceStanding[] {
  return taken.map((item) => standingIn(deps.estate, states, reading, { ...item, pairId }));
}

/** Existing connections may end; those that do not in time, or cannot be counted, are told, or stop the change. */
async function waitForConnections(parts: DrainParts, input: DrainInput, context: StepContext): Promise<void> {
  const { deps } = parts;
  const started = context.now();
  let first: number | null = null;
  for (;;) {
    const carrier = await readCarrier(deps, input, context);
    const seen = findIn(carrier.reading, input.servers, carrier.appliance.name).map(({ real }) => real);
    if (seen.some((real) => real.status === 'online')) {
      const again = 'In service again, perhaps since the pair failed over: drained once more.';
      context.note(again, { level: 'warning' });
      await takeOut(parts, input, context);
      continue;
    }
    const open = openIn(seen);
    if (open === 0) return context.note('No active connection is left.');
    first ??= open;
    const waited = Math.round((context.now() - started) / 1000);
    if (waited >= input.timeoutSeconds) return timeIsUp(input, context, { open, first, waited });
    const left = input.timeoutSeconds - waited;
    context.progress({
      done: waited,
      total: input.timeoutSeconds,
      unit: 'seconds',
      rate: null,
      remainingSeconds: left,
    });
    await pause(deps, context.signal);
  }
}

interface Waited {
  readonly open: number | null;
  readonly first: number | null;
  readonly waited: number;
}

/** Throws `connections_remain` where the plan says so. */
function timeIsUp(input: DrainInput, context: StepContext, { open, first, waited }: Waited): void {
  const count =
    open === null
      ? `How many connections go on after ${waited} s cannot be read`
      : `${open} of ${first ?? open} connections go on after ${waited} s`;
  if (input.whenTimeIsUp === 'go-on') {
    return context.note(`${count}; a blip of the network may cut them.`, { level: 'warning' });
  }
  throw new EvenkeelError('connections_remain', {
    unit: context.step.unitName,
    step: context.step.title,
    seen: count,
    unchanged: 'The server was not changed; it is brought online again.',
    advice: 'Try again when it is quieter, wait longer, or let the change go on with open connections.',
  });
}

/** `null`: of a server that may have some they were not told. A halted one has left the table, and has none. */
function openIn(seen: readonly RealServerReading[]): number | null {
  return seen.reduce<number | null>((sum, { activeConnections, status }) => {
    const own = activeConnections ?? (status === 'halted' ? 0 : null);
    return sum === null || own === null ? null : sum + own;
  }, 0);
}

function turnOf({ pairId, unitId }: Pick<Servers, 'pairId' | 'unitId'>): string {
  return pairId ?? unitId;
}
