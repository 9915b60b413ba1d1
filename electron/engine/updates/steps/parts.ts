import type { Appliance } from '#engine/appliance/index';
import type { StepContext } from '#engine/jobs/step-kind';
import type { ApplianceReading } from '#shared/domain/appliance/reading';
import type { UnitStepInput } from '#shared/domain/updates/step-input';
import { EvenkeelError } from '#shared/errors';
import type { ActiveRollouts } from '../active-rollouts';
import type { UpdateTimes, UpdateUnits } from '../deps';
import type { Shelf } from '../shelf/shelf';

/** What the steps of a rollout need. */
export interface StepParts {
  readonly units: Pick<UpdateUnits, 'open'>;
  readonly shelf: Shelf;
  readonly rollouts: ActiveRollouts;
  readonly backupFolder: string;
  readonly times: UpdateTimes;
}

export const defaultTimes: UpdateTimes = {
  pollMs: 2_000,
  failoverMs: 120_000,
  healthMs: 300_000,
  rebootMs: 900_000,
  installMs: 1_800_000,
};

/** Opens the unit of a step and marks its archive as in use. */
export async function openUnit(parts: StepParts, context: StepContext, input: UnitStepInput): Promise<Appliance> {
  parts.rollouts.begin(context.plan);
  return parts.units.open(input.unitId);
}

/** The version of a reading; `answer_not_understood` when the unit did not tell. */
export function versionOf(reading: ApplianceReading, unit: string, step: string): string {
  if (reading.version !== null) return reading.version;
  throw new EvenkeelError('answer_not_understood', { unit, step, reason: 'The version could not be read.' });
}

/** Reads until `met` holds. A unit that does not answer meanwhile is asked again. `null` when the time is over. */
export async function readUntil(
  appliance: Appliance,
  met: (reading: ApplianceReading) => boolean,
  limits: { readonly withinMs: number; readonly pollMs: number; readonly signal: AbortSignal },
): Promise<ApplianceReading | null> {
  const late = AbortSignal.timeout(limits.withinMs);
  const signal = AbortSignal.any([limits.signal, late]);
  while (!signal.aborted) {
    const reading = await readOrNull(appliance, signal);
    if (reading && met(reading)) return reading;
    await pause(limits.pollMs, signal);
  }
  limits.signal.throwIfAborted();
  return null;
}

/** `null` while the unit cannot be reached; a changed identity or a refused login ends the wait. */
export async function readOrNull(appliance: Appliance, signal: AbortSignal): Promise<ApplianceReading | null> {
  try {
    return await appliance.read(signal);
  } catch (error) {
    if (error instanceof EvenkeelError && (isUnreachable(error) || error.code === 'aborted')) return null;
    if (signal.aborted) return null;
    throw error;
  }
}

/** The unit may answer again by itself. */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof EvenkeelError)) return false;
  return ['connect_refused', 'connect_timeout', 'host_unreachable', 'link_cut', 'tls_failed', 'deadline'].includes(
    error.code,
  );
}

/** Ends early, and quietly, on the signal. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end, { once: true });
  });
}

/** Lines that another step remembered under this name. */
export function linesOf(memory: ReturnType<StepContext['recall']>, name: string): readonly string[] {
  const value = memory[name];
  return Array.isArray(value) ? value.map(String) : [];
}
