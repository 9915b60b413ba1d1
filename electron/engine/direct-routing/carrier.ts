import { setTimeout as sleep } from 'node:timers/promises';
import type { StepContext } from '#engine/jobs/index';
import type { ApplianceReading } from '#shared/domain/appliance/reading';
import { EvenkeelError, type ErrorCode } from '#shared/errors';
import type { DirectRoutingDeps, DrAppliance } from './deps';

export type CarrierDeps = Pick<DirectRoutingDeps, 'appliance' | 'now' | 'askEveryMs' | 'failoverMs' | 'estate'>;

/** A pair by the unit that carried it when the plan was drawn up; plans of earlier versions name no pair. */
export interface Carried {
  readonly unitId: string;
  readonly pairId?: string | undefined;
}

export interface Carrier {
  readonly unitId: string;
  readonly appliance: DrAppliance;
  readonly reading: ApplianceReading;
}

/** A pair takes its time to fail over: its new unit is waited for so long. */
const failoverMs = 120_000;
/** What a unit that goes down says. Anything else is not cured by waiting, and a refused login must not be repeated. */
const passing: readonly ErrorCode[] = [
  'pair_not_ready',
  'connect_refused',
  'connect_timeout',
  'host_unreachable',
  'link_cut',
  'deadline',
];

/**
 * Reads the unit that carries the pair now. Where the pair has failed over since the plan, or does so now, that is
 * another one: what was sent to the old one would reach nobody. Throws what the unit said, or `pair_not_ready`.
 */
export async function readCarrier(deps: CarrierDeps, carried: Carried, context: StepContext): Promise<Carrier> {
  const until = deps.now() + (deps.failoverMs ?? failoverMs);
  let told = carried.unitId;
  for (;;) {
    const unitId = activeOf(deps, carried);
    const found = await attempt(deps, unitId, context.signal);
    if ('reading' in found) {
      if (unitId !== told)
        context.note(`The pair has failed over: ${found.appliance.name} carries it.`, { level: 'warning' });
      return found;
    }
    const mayPass = carried.pairId !== undefined && passing.includes(found.error.code);
    if (!mayPass || deps.now() >= until) throw found.error;
    told = unitId;
    await pause(deps, context.signal);
    await deps.estate.refresh([carried.pairId ?? ''], context.signal);
  }
}

/** As far as it is known; the planned one while nobody is known to carry the pair. */
function activeOf(deps: CarrierDeps, { pairId, unitId }: Carried): string {
  return deps.estate.pairs().find((pair) => pair.id === pairId)?.activeUnit?.id ?? unitId;
}

async function attempt(
  deps: CarrierDeps,
  unitId: string,
  signal: AbortSignal,
): Promise<Carrier | { readonly error: EvenkeelError }> {
  try {
    const appliance = await deps.appliance(unitId);
    const reading = await appliance.read(signal);
    if (reading.ha.state !== 'passive') return { unitId, appliance, reading };
    const advice = 'See which unit of the pair is active, then go on.';
    return { error: new EvenkeelError('pair_not_ready', { unit: appliance.name, step: 'read', advice }) };
  } catch (error) {
    if (signal.aborted || !(error instanceof EvenkeelError)) throw error;
    return { error };
  }
}

export async function pause(deps: Pick<CarrierDeps, 'askEveryMs'>, signal: AbortSignal): Promise<void> {
  await sleep(deps.askEveryMs ?? 1_000, undefined, { signal });
}
