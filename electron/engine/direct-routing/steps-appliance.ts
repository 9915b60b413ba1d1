import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { stepKind, type StepContext, type StepKind } from '#engine/jobs/index';
import type { ApplianceReading, RealServerReading } from '#shared/domain/appliance/reading';
import { guardVerdict, type ServiceStanding } from '#shared/domain/direct-routing/index';
import { EvenkeelError } from '#shared/errors';
import type { DirectRoutingDeps, DrEstate } from './deps';
import { readOthers, serverAt, verdictAt } from './read';
import type { States } from './states';

const ref = z.strictObject({ vip: z.string(), rip: z.string() });
export type RealRef = z.infer<typeof ref>;

export const guardInput = z.strictObject({
  windowsId: z.string(),
  services: z.array(ref.extend({ pairId: z.string(), unitId: z.string().nullable() })),
});
export const drainInput = z.strictObject({
  unitId: z.string(),
  servers: z.array(ref).min(1),
  timeoutSeconds: z.number().int().nonnegative(),
});
export const onlineInput = z.strictObject({
  unitId: z.string(),
  servers: z.array(ref).min(1),
  drainStepId: z.string(),
});

type Deps = Pick<DirectRoutingDeps, 'appliance' | 'now' | 'askEveryMs' | 'estate'>;

const settleMs = 45_000;

/** Guard, drain and online: what the appliance does around the change of a server. */
export function applianceSteps(deps: Deps, states: States): readonly StepKind[] {
  return [guard(deps, states), drain(deps), online(deps)];
}

/** Reads the services of the server again and refuses when one would lose its last server. */
function guard(deps: Deps, states: States): StepKind {
  return stepKind({
    kind: 'directRouting.guard',
    input: guardInput,
    whenInterrupted: 'resume',
    inspect: () => Promise.resolve('not-done'),
    run: async (context, input) => {
      const readings = await readUnits(
        deps,
        input.services.flatMap((item) => item.unitId ?? []),
        context.signal,
      );
      await readOthers(deps.estate, states, othersOf(input, readings), context.signal);
      const standings = input.services.map((item): ServiceStanding => {
        const reading = item.unitId === null ? undefined : readings.get(item.unitId);
        if (reading === undefined) throw unknownStanding(context, item.vip);
        refusePassive(reading, context);
        return standingIn(deps.estate, states, reading, item);
      });
      const verdict = guardVerdict(standings);
      const [lost] = verdict.lost;
      if (lost !== undefined) throw lastHealthy(context.step.unitName, lost.serviceName);
      const [unknown] = verdict.unknown;
      if (unknown !== undefined) throw unknownStanding(context, unknown.serviceName);
      for (const sentence of verdict.sentences) context.note(`${sentence}.`);
      for (const warning of verdict.warnings) context.note(warning, { level: 'warning' });
      return 'done';
    },
    undo: null,
  });
}

export function lastHealthy(unit: string, service: string): EvenkeelError {
  return new EvenkeelError('last_healthy_server', {
    unit,
    service,
    step: 'Guard',
    unchanged: 'The server was left as it was.',
    advice: `Bring another real server of ${service} online first.`,
  });
}

function unknownStanding(context: StepContext, service: string): EvenkeelError {
  return new EvenkeelError('stale_reading', {
    unit: context.step.unitName,
    service,
    step: context.step.title,
    unchanged: 'The server was left as it was.',
    advice: 'The appliance did not tell how the server stands. Read it again.',
  });
}

function refusePassive(reading: ApplianceReading, context: StepContext): void {
  if (reading.ha.state !== 'passive') return;
  throw new EvenkeelError('plan_outdated', {
    unit: reading.hostname ?? context.step.unitName,
    step: context.step.title,
    unchanged: 'The server was left as it was.',
    advice: 'The pair has failed over since. Draw up a new plan.',
  });
}

type GuardInput = z.infer<typeof guardInput>;

/** The addresses of the servers that are to carry on. */
function othersOf(input: GuardInput, readings: ReadonlyMap<string, ApplianceReading>): readonly string[] {
  return input.services.flatMap((item) => {
    const services = readings.get(item.unitId ?? '')?.services ?? [];
    const others = services.find((service) => service.name === item.vip)?.realServers ?? [];
    return others.filter((real) => real.name !== item.rip).map((real) => real.address);
  });
}

function standingIn(
  estate: DrEstate,
  states: States,
  reading: ApplianceReading,
  item: GuardInput['services'][number],
): ServiceStanding {
  const service = reading.services.find((one) => one.name === item.vip);
  const servers = service?.realServers ?? [];
  return {
    pairId: item.pairId,
    serviceName: item.vip,
    address: service?.address ?? '',
    label: item.rip,
    status: servers.find((real) => real.name === item.rip)?.status ?? null,
    others: servers
      .filter((real) => real.name !== item.rip)
      .map((real) => ({
        name: serverAt(estate, real.address)?.name ?? real.name,
        label: real.name,
        status: real.status,
        verdict: verdictAt(estate, states, real.address, service?.address ?? ''),
      })),
  };
}

async function readUnits(
  deps: Deps,
  unitIds: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ApplianceReading>> {
  const readings = new Map<string, ApplianceReading>();
  for (const unitId of new Set(unitIds)) {
    readings.set(unitId, await (await deps.appliance(unitId)).read(signal));
  }
  return readings;
}

function drain(deps: Deps): StepKind {
  return stepKind({
    kind: 'directRouting.drain',
    input: drainInput,
    whenInterrupted: 'resume',
    inspect: async (context, input) => {
      const out = await allAre(deps, input, ['drained', 'halted'], context.signal);
      // Drained is not enough: what the step waits for are the connections that go on.
      return out === 'done' && (await openConnections(deps, input, context.signal)) !== 0 ? 'not-done' : out;
    },
    run: async (context, input) => {
      const now = await readServers(deps, input, context.signal);
      // Only what is in service is taken out, and only that comes back: written down before the first word is sent.
      const taken = now.filter(({ real }) => real.status === 'online').map(({ wanted }) => keyOf(wanted));
      await context.remember({ taken: [...new Set([...takenOf(context.recall()), ...taken])] });
      for (const { wanted, real } of now)
        if (real.status === 'online') await send(deps, 'drain', input.unitId, wanted, context);
      await settle(deps, input, context, (real) => real.status !== 'online');
      await waitForConnections(deps, input, context);
      return 'done';
    },
    undo: (context, input) => bringOnline(deps, input.unitId, takenOf(context.recall()), context),
  });
}

function online(deps: Deps): StepKind {
  return stepKind({
    kind: 'directRouting.online',
    input: onlineInput,
    whenInterrupted: 'resume',
    inspect: (context, input) => allAre(deps, input, ['online'], context.signal),
    run: async (context, input) => {
      const taken = takenOf(context.recallOf(input.drainStepId));
      if (taken.length === 0) {
        context.note('Nothing was drained, nothing is brought online.');
        return 'skipped';
      }
      await context.remember({ started: true });
      await bringOnline(deps, input.unitId, taken, context);
      return 'done';
    },
    // The rest is taken back after this: once more without new connections.
    undo: async (context, input) => {
      const taken = takenOf(context.recallOf(input.drainStepId)).map(refOf);
      for (const wanted of taken) await send(deps, 'drain', input.unitId, wanted, context);
      if (taken.length === 0) return;
      await settle(deps, { ...input, servers: taken }, context, (real) => real.status !== 'online');
    },
  });
}

async function bringOnline(deps: Deps, unitId: string, taken: readonly string[], context: StepContext): Promise<void> {
  const servers = taken.map(refOf);
  if (servers.length === 0) return;
  for (const wanted of servers) await send(deps, 'online', unitId, wanted, context);
  await settle(deps, { unitId, servers }, context, (real) => real.status === 'online');
}

async function send(
  deps: Deps,
  action: 'drain' | 'online',
  unitId: string,
  wanted: RealRef,
  context: StepContext,
): Promise<void> {
  const appliance = await deps.appliance(unitId);
  const answer = await appliance[action](wanted, context.signal);
  context.note(`${action} ${wanted.vip} ${wanted.rip}: ${answer.text}`.slice(0, 1_000), { code: true });
}

interface Servers {
  readonly unitId: string;
  readonly servers: readonly RealRef[];
}

async function readServers(
  deps: Deps,
  input: Servers,
  signal: AbortSignal,
): Promise<readonly { readonly wanted: RealRef; readonly real: RealServerReading }[]> {
  const appliance = await deps.appliance(input.unitId);
  const reading = await appliance.read(signal);
  return input.servers.map((wanted) => {
    const service = reading.services.find((item) => item.name === wanted.vip);
    const real = service?.realServers.find((item) => item.name === wanted.rip);
    if (real !== undefined) return { wanted, real };
    throw new EvenkeelError('not_found', {
      unit: appliance.name,
      step: 'read',
      service: wanted.vip,
      realServer: wanted.rip,
      advice: 'Read the pair again and draw up a new plan.',
    });
  });
}

/** How the real servers stand, for proofs. Throws `EvenkeelError`. */
export async function statusesOf(
  deps: Deps,
  input: Servers,
  signal: AbortSignal,
): Promise<readonly RealServerReading[]> {
  return (await readServers(deps, input, signal)).map(({ real }) => real);
}

async function allAre(
  deps: Deps,
  input: Servers,
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<'done' | 'not-done' | 'unknown'> {
  const statuses = (await statusesOf(deps, input, signal)).map((real) => real.status);
  if (statuses.includes(null)) return 'unknown';
  return statuses.every((status) => status !== null && wanted.includes(status)) ? 'done' : 'not-done';
}

/** The status word alone proves nothing: the unit is read until it is as wanted. */
async function settle(
  deps: Deps,
  input: Servers,
  context: StepContext,
  right: (real: RealServerReading) => boolean,
): Promise<void> {
  const until = context.now() + settleMs;
  for (;;) {
    const seen = await statusesOf(deps, input, context.signal);
    const text = seen.map((real) => `${real.name} ${real.status ?? 'unknown'}`).join(', ');
    if (seen.every((real) => real.status !== null && right(real))) {
      context.note(`Read back: ${text}.`);
      return;
    }
    if (context.now() > until) {
      throw new EvenkeelError('health_not_restored', {
        unit: context.step.unitName,
        step: context.step.title,
        seen: text,
        advice: 'Look at the health checks of these real servers.',
      });
    }
    await pause(deps, context.signal);
  }
}

/** Existing connections may end; those that do not in time, or cannot be counted, are told, not cut. */
async function waitForConnections(deps: Deps, input: z.infer<typeof drainInput>, context: StepContext): Promise<void> {
  const started = context.now();
  let first: number | null = null;
  for (;;) {
    const open = await openConnections(deps, input, context.signal);
    if (open === 0) return context.note('No active connection is left.');
    first ??= open;
    const waited = Math.round((context.now() - started) / 1000);
    if (waited >= input.timeoutSeconds) {
      const count =
        open === null
          ? `How many connections go on after ${waited} s cannot be read`
          : `${open} of ${first ?? open} connections go on after ${waited} s`;
      return context.note(`${count}; a blip of the network may cut them.`, { level: 'warning' });
    }
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

/** `null`: of a server that may have some they were not told. A halted one has left the table, and has none. */
async function openConnections(deps: Deps, input: Servers, signal: AbortSignal): Promise<number | null> {
  const seen = await statusesOf(deps, input, signal);
  return seen.reduce<number | null>((sum, { activeConnections, status }) => {
    const own = activeConnections ?? (status === 'halted' ? 0 : null);
    return sum === null || own === null ? null : sum + own;
  }, 0);
}

async function pause(deps: Deps, signal: AbortSignal): Promise<void> {
  await sleep(deps.askEveryMs ?? 1_000, undefined, { signal });
}

/** Labels hold no line breaks. */
function keyOf(wanted: RealRef): string {
  return `${wanted.vip}\n${wanted.rip}`;
}

function refOf(key: string): RealRef {
  const [vip = '', rip = ''] = key.split('\n');
  return { vip, rip };
}

function takenOf(memory: Readonly<Record<string, unknown>>): readonly string[] {
  const { taken } = memory;
  return Array.isArray(taken) ? taken.filter((item) => typeof item === 'string') : [];
}
