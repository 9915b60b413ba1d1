import { z } from 'zod';
import type { StepContext } from '#engine/jobs/index';
import type { ApplianceReading, RealServerReading } from '#shared/domain/appliance/reading';
import { EvenkeelError } from '#shared/errors';
import { pause, readCarrier, type Carried, type Carrier, type CarrierDeps } from './carrier';

export const realRef = z.strictObject({ vip: z.string(), rip: z.string() });
export type RealRef = z.infer<typeof realRef>;

/** Taken out here. */
export interface Taken extends RealRef {
  /** It was in service at some of its ports only: that is what it comes back to. */
  readonly partly: boolean;
}

export interface Servers extends Carried {
  readonly servers: readonly RealRef[];
}

export interface FoundServer {
  readonly wanted: RealRef;
  readonly real: RealServerReading;
}

const settleMs = 45_000;

/** In service for every client; an entry for one of several ports does not do. */
export function isIn(real: RealServerReading): boolean {
  return real.status === 'online' && real.partly !== true;
}

/** In service as it was before it was taken out. */
export function isBack(taken: readonly Taken[]): (real: RealServerReading, wanted: RealRef) => boolean {
  const partly = new Set(taken.filter((item) => item.partly).map(keyOf));
  return (real, wanted) => isIn(real) || (real.status === 'online' && partly.has(keyOf(wanted)));
}

/** Takes no new connection at any port. */
export function isOut(real: RealServerReading): boolean {
  return real.status !== null && real.status !== 'online';
}

export function isDrained(real: RealServerReading): boolean {
  return real.status === 'drained' || real.status === 'halted';
}

/** Throws `not_found` when the unit does not know one of them. */
export function findIn(reading: ApplianceReading, servers: readonly RealRef[], unit: string): readonly FoundServer[] {
  return servers.map((wanted) => {
    const service = reading.services.find((item) => item.name === wanted.vip);
    const real = service?.realServers.find((item) => item.name === wanted.rip);
    if (real !== undefined) return { wanted, real };
    throw new EvenkeelError('not_found', {
      unit,
      step: 'read',
      service: wanted.vip,
      realServer: wanted.rip,
      advice: 'Read the pair again and draw up a new plan.',
    });
  });
}

export async function readServers(
  deps: CarrierDeps,
  input: Servers,
  context: StepContext,
): Promise<{ readonly carrier: Carrier; readonly found: readonly FoundServer[] }> {
  const carrier = await readCarrier(deps, input, context);
  return { carrier, found: findIn(carrier.reading, input.servers, carrier.appliance.name) };
}

/** How the real servers stand on the unit that carries the pair, for proofs. Throws `EvenkeelError`. */
export async function statusesOf(
  deps: CarrierDeps,
  input: Servers,
  signal: AbortSignal,
): Promise<readonly RealServerReading[]> {
  return (await foundOf(deps, input, signal)).map(({ real }) => real);
}

/** The same, each with its name. Throws `EvenkeelError`. */
export async function foundOf(deps: CarrierDeps, input: Servers, signal: AbortSignal): Promise<readonly FoundServer[]> {
  const active = deps.estate.pairs().find((pair) => pair.id === input.pairId)?.activeUnit?.id;
  const appliance = await deps.appliance(active ?? input.unitId);
  return findIn(await appliance.read(signal), input.servers, appliance.name);
}

/** For `inspect`: does every one of them stand so? */
export async function allAre(
  deps: CarrierDeps,
  input: Servers,
  signal: AbortSignal,
  right: (real: RealServerReading, wanted: RealRef) => boolean,
): Promise<'done' | 'not-done' | 'unknown'> {
  const seen = await foundOf(deps, input, signal);
  if (seen.some(({ real }) => real.status === null)) return 'unknown';
  return seen.every(({ real, wanted }) => right(real, wanted)) ? 'done' : 'not-done';
}

export async function send(
  carrier: Carrier,
  action: 'drain' | 'online',
  { vip, rip }: RealRef,
  context: StepContext,
): Promise<void> {
  const answer = await carrier.appliance[action]({ vip, rip }, context.signal);
  context.note(`${action} ${vip} ${rip}: ${answer.text}`.slice(0, 1_000), { code: true });
}

/** The status word alone proves nothing: the unit is read until it is as wanted. */
export async function settle(
  deps: CarrierDeps,
  input: Servers,
  context: StepContext,
  right: (real: RealServerReading, wanted: RealRef) => boolean,
): Promise<void> {
  const until = context.now() + settleMs;
  for (;;) {
    const { found, carrier } = await readServers(deps, input, context);
    const text = found.map(({ real }) => `${real.name} ${wordOf(real)}`).join(', ');
    if (found.every(({ real, wanted }) => real.status !== null && right(real, wanted))) {
      context.note(`Read back: ${text}.`);
      return;
    }
    if (context.now() > until) {
      throw new EvenkeelError('health_not_restored', {
        unit: carrier.appliance.name,
        step: context.step.title,
        seen: text,
        advice: 'Look at the health checks of these real servers.',
      });
    }
    await pause(deps, context.signal);
  }
}

export function wordOf(real: RealServerReading): string {
  const word = real.status ?? 'unknown';
  return real.partly === true ? `${word} at some of its ports only` : word;
}

/** Brings online what was drained, on the unit that carries the pair now, and waits until it is as it was before. */
export async function bringOnline(
  deps: CarrierDeps,
  carried: Carried,
  servers: readonly Taken[],
  context: StepContext,
): Promise<void> {
  if (servers.length === 0) return;
  const { pairId, unitId } = carried;
  const carrier = await readCarrier(deps, carried, context);
  // First, so that it is written down wherever this is cut short: the proof goes by it.
  for (const { vip, rip, partly } of servers) if (partly) context.note(partlyNote(vip, rip), { level: 'warning' });
  for (const wanted of servers) await send(carrier, 'online', wanted, context);
  await settle(deps, { pairId, unitId, servers }, context, isBack(servers));
}

/** Labels hold no line breaks. */
export function keyOf(wanted: RealRef): string {
  return `${wanted.vip}\n${wanted.rip}`;
}

export function partlyNote(vip: string, rip: string): string {
  return `${rip} was in service at some of its ports only before, in ${vip}: more is not waited for.`;
}

export function takenOf(memory: Readonly<Record<string, unknown>>): readonly Taken[] {
  const partly = new Set(textsIn(memory['takenPartly']));
  return textsIn(memory['taken']).map((key) => {
    const [vip = '', rip = ''] = key.split('\n');
    return { vip, rip, partly: partly.has(key) };
  });
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
