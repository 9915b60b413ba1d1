import { z } from 'zod';
import { stepKind, type StepContext, type StepKind } from '#engine/jobs/index';
import type { ApplianceReading } from '#shared/domain/appliance/reading';
import { guardVerdict, type ServiceStanding } from '#shared/domain/direct-routing/index';
import { EvenkeelError } from '#shared/errors';
import type { CarrierDeps } from './carrier';
import type { DrEstate } from './deps';
import { readOthers, serverAt, verdictAt } from './read';
import { realRef } from './real-servers';
import type { States } from './states';

const guarded = realRef.extend({ pairId: z.string(), unitId: z.string().nullable() });

export const guardInput = z.strictObject({ windowsId: z.string(), services: z.array(guarded) });

type Guarded = z.infer<typeof guarded>;

/** Reads the services of the server again and refuses when one would lose its last server. */
export function guardStep(deps: CarrierDeps, states: States): StepKind {
  return stepKind({
    kind: 'directRouting.guard',
    input: guardInput,
    whenInterrupted: 'resume',
    inspect: () => Promise.resolve('not-done'),
    run: async (context, input) => {
      const readings = await readUnits(deps, input.services, context.signal);
      await readOthers(deps.estate, states, othersOf(input.services, readings), context.signal);
      const standings = input.services.map((item): ServiceStanding => {
        const reading = item.unitId === null ? undefined : readings.get(item.unitId);
        if (reading === undefined) throw unknownStanding(context, item.vip);
        refusePassive(reading, context);
        return standingIn(deps.estate, states, reading, item);
      });
      const verdict = refuseLast(standings, context);
      for (const sentence of verdict.sentences) context.note(`${sentence}.`);
      for (const warning of verdict.warnings) context.note(warning, { level: 'warning' });
      return 'done';
    },
    undo: null,
  });
}

/** Throws `last_healthy_server` or `stale_reading`. */
export function refuseLast(
  standings: readonly ServiceStanding[],
  context: StepContext,
): ReturnType<typeof guardVerdict> {
  const verdict = guardVerdict(standings);
  const [lost] = verdict.lost;
  if (lost !== undefined) throw lastHealthy(serverNameOf(context), lost.serviceName, context.step.title);
  const [unknown] = verdict.unknown;
  if (unknown !== undefined) throw unknownStanding(context, unknown.serviceName);
  return verdict;
}

/** A drain is a step of the unit; what it is about is the server of its lane. */
function serverNameOf({ plan, step }: StepContext): string {
  return plan.steps.find((item) => item.unitId === step.lane)?.unitName ?? step.unitName;
}

export function lastHealthy(unit: string, service: string, step = 'Guard'): EvenkeelError {
  return new EvenkeelError('last_healthy_server', {
    unit,
    service,
    step,
    unchanged: 'The server was left as it was.',
    advice: `Bring another real server of ${service} online first.`,
  });
}

function unknownStanding(context: StepContext, service: string): EvenkeelError {
  return new EvenkeelError('stale_reading', {
    unit: serverNameOf(context),
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

/** The addresses of the servers that are to carry on. */
function othersOf(services: readonly Guarded[], readings: ReadonlyMap<string, ApplianceReading>): readonly string[] {
  return services.flatMap((item) => {
    const read = readings.get(item.unitId ?? '')?.services ?? [];
    const others = read.find((service) => service.name === item.vip)?.realServers ?? [];
    return others.filter((real) => real.name !== item.rip).map((real) => real.address);
  });
}

/** How a real server stands in a reading, beside the others of its service. */
export function standingIn(
  estate: DrEstate,
  states: States,
  reading: ApplianceReading,
  item: Pick<Guarded, 'pairId' | 'vip' | 'rip'>,
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
        partly: real.partly === true,
        verdict: verdictAt(estate, states, real.address, service?.address ?? ''),
      })),
  };
}

async function readUnits(
  deps: CarrierDeps,
  services: readonly Guarded[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ApplianceReading>> {
  const readings = new Map<string, ApplianceReading>();
  for (const unitId of new Set(services.flatMap((item) => item.unitId ?? []))) {
    readings.set(unitId, await (await deps.appliance(unitId)).read(signal));
  }
  return readings;
}
