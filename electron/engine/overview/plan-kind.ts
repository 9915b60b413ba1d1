import { z } from 'zod';
import type { PlanKind } from '#engine/jobs/step-kind';
import type { JobOutcome } from '#engine/jobs/step-kind';
import type { ProofLine } from '#shared/contract/jobs';
import type { Plan, PlanStep } from '#shared/contract/plans';
import type { ApplianceReading } from '#shared/domain/appliance/reading';
import { EvenkeelError } from '#shared/errors';
import { availabilityInput, describe, serverIn, type AvailabilityDeps } from './steps';

const wantedStatus = {
  'appliance.drain': 'drained',
  'appliance.halt': 'halted',
  'appliance.online': 'online',
} as const;

/** Plans of an earlier version name no carriers. */
const carried = z.object({
  service: z.string(),
  realServer: z.string(),
  carriers: z.array(z.string()).default([]),
});

export interface AvailabilityKindDeps extends AvailabilityDeps {
  readonly now: () => number;
  readonly ended: (plan: Plan, outcome: JobOutcome) => Promise<void>;
}

/** Plans of kind `overview.availability`: checked against a new reading first, proved by another one afterwards. */
export function availabilityKind(deps: AvailabilityKindDeps): PlanKind {
  return {
    kind: 'overview.availability',
    recheck: async (plan, signal) => {
      for (const step of plan.steps) await recheckStep(deps, plan, step, signal);
    },
    prove: async (plan, _journal, signal) => {
      const lines: ProofLine[] = [];
      for (const step of plan.steps) lines.push(await proveAvailability(deps, step, signal));
      return lines;
    },
    ended: (plan, outcome) => deps.ended(plan, outcome),
  };
}

async function recheckStep(deps: AvailabilityDeps, plan: Plan, step: PlanStep, signal: AbortSignal): Promise<void> {
  const input = availabilityInput.parse(step.input);
  const appliance = await deps.applianceOf(input.unitId);
  const reading = await appliance.read(signal);
  const server = serverIn(reading, input, appliance.name);
  const active = reading.ha.state === 'active' || reading.ha.role === 'single';
  if (active && server.status === plan.basis.status) return refuseLastCarrier(plan, reading, appliance.name, step);
  throw new EvenkeelError('plan_outdated', {
    unit: appliance.name,
    step: step.title,
    seen: active ? describe(server) : `${appliance.name} is ${reading.ha.state ?? 'not known to be active'}`,
    unchanged: 'Nothing was sent.',
    advice: 'Draw up a new plan.',
  });
}

/** Another job may have taken the servers meanwhile that this plan counts on. */
function refuseLastCarrier(plan: Plan, reading: ApplianceReading, unit: string, step: PlanStep): void {
  const { carriers, service, realServer } = carried.parse(plan.basis);
  const servers = reading.services.find((item) => item.name === service)?.realServers ?? [];
  const left = servers.filter((real) => carriers.includes(real.name) && real.status === 'online');
  if (carriers.length === 0 || left.length > 0) return;
  throw new EvenkeelError('last_healthy_server', {
    unit,
    service,
    step: step.title,
    others: servers
      .filter((real) => real.name !== realServer)
      .map((real) => `${real.name} ${real.status ?? 'unknown'}`),
    unchanged: 'Nothing was sent.',
    advice: `${carriers.join(', ')} carried ${service} when the plan was drawn up. Draw up a new plan.`,
  });
}

/** What a new reading says of the promise of a drain, halt or online step. Never throws but for `aborted`. */
export async function proveAvailability(
  deps: AvailabilityKindDeps,
  step: PlanStep,
  signal: AbortSignal,
): Promise<ProofLine> {
  const line = { stepId: step.id, text: step.promise, at: deps.now() };
  const wanted = Object.entries(wantedStatus).find(([kind]) => kind === step.kind)?.[1];
  const input = availabilityInput.parse(step.input);
  try {
    const appliance = await deps.applianceOf(input.unitId);
    const reading = await appliance.read(signal);
    const server = serverIn(reading, input, appliance.name);
    const held = server.status === null ? null : server.status === wanted;
    return { ...line, held, seen: `${describe(server)}, read by ${reading.via}`, at: deps.now() };
  } catch (error) {
    if (signal.aborted || !(error instanceof EvenkeelError)) throw error;
    return { ...line, held: null, seen: `could not be read: ${error.message}`, at: deps.now() };
  }
}
