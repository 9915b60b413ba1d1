import { z } from 'zod';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Appliance } from '#engine/appliance/index';
import { stepKind, type StepContext, type StepKind } from '#engine/jobs/step-kind';
import type { ApplianceReading, RealServerReading } from '#shared/domain/appliance/reading';
import { statusAfter, type AvailabilityAction } from '#shared/domain/overview/index';
import { EvenkeelError } from '#shared/errors';

/** Which real server of which virtual service on which unit. */
export const availabilityInput = z.object({ unitId: z.string(), service: z.string(), realServer: z.string() });
export type AvailabilityRef = z.infer<typeof availabilityInput>;

export interface AvailabilityDeps {
  readonly applianceOf: (unitId: string) => Promise<Appliance>;
}

/** ldirectord looks every few seconds (10 by default [V]); a server brought online waits for its first check. */
const settleMs = 40_000;
const askEveryMs = 1_000;

/** The step kinds `appliance.drain`, `appliance.halt` and `appliance.online`. */
export function availabilitySteps(deps: AvailabilityDeps): StepKind[] {
  return (['drain', 'halt', 'online'] as const).map((action) => availabilityStep(action, deps));
}

function availabilityStep(action: AvailabilityAction, deps: AvailabilityDeps): StepKind {
  const target = statusAfter(action);
  return stepKind<AvailabilityRef>({
    kind: `appliance.${action}`,
    input: availabilityInput,
    // The commands name a state and no change of it: sending one twice is the same as once.
    whenInterrupted: 'resume',
    inspect: async (context, input) => {
      const server = await readServer(deps, input, context.signal);
      if (server.status === null) return 'unknown';
      return server.status === target ? 'done' : 'not-done';
    },
    run: async (context, input) => {
      const before = await readServer(deps, input, context.signal);
      if (context.recall().before === undefined) await context.remember({ before: before.status });
      if (before.status === target) {
        context.note(`${input.realServer} is ${target} already.`);
        return 'skipped';
      }
      await send(deps, action, input, context);
      await settle(deps, target, input, context);
      return 'done';
    },
    undo: async (context, input) => {
      const { before } = context.recall();
      const back =
        before === 'drained' ? 'drain' : before === 'halted' ? 'halt' : before === 'online' ? 'online' : null;
      if (back === null)
        return context.note('What it was before is not known; nothing was sent.', { level: 'warning' });
      await send(deps, back, input, context);
      await settle(deps, statusAfter(back), input, context);
    },
  });
}

async function send(
  deps: AvailabilityDeps,
  action: AvailabilityAction,
  input: AvailabilityRef,
  context: StepContext,
): Promise<void> {
  const appliance = await deps.applianceOf(input.unitId);
  const answer = await appliance[action]({ vip: input.service, rip: input.realServer }, context.signal);
  context.note(`${answer.via}: ${answer.text}`, { code: true });
}

/** The status word alone proves nothing: the state is read until it is as wanted. */
async function settle(
  deps: AvailabilityDeps,
  target: 'drained' | 'halted' | 'online',
  input: AvailabilityRef,
  context: StepContext,
): Promise<void> {
  const until = context.now() + settleMs;
  for (;;) {
    const server = await readServer(deps, input, context.signal);
    if (server.status === target) {
      context.note(`Read back: ${describe(server)}.`);
      return;
    }
    if (context.now() >= until) {
      throw new EvenkeelError('proof_failed', {
        unit: context.step.unitName,
        step: context.step.title,
        seen: describe(server),
        wanted: target,
        advice: 'Look at the health check of the real server, then read again.',
      });
    }
    await sleep(askEveryMs, undefined, { signal: context.signal });
  }
}

async function readServer(
  deps: AvailabilityDeps,
  input: AvailabilityRef,
  signal: AbortSignal,
): Promise<RealServerReading> {
  const appliance = await deps.applianceOf(input.unitId);
  return serverIn(await appliance.read(signal), input, appliance.name);
}

/** Throws `not_found` when the unit does not know the service or the real server any more. */
export function serverIn(reading: ApplianceReading, input: AvailabilityRef, unit: string): RealServerReading {
  const service = reading.services.find((item) => item.name === input.service);
  const server = service?.realServers.find((item) => item.name === input.realServer);
  if (server) return server;
  throw new EvenkeelError('not_found', {
    unit,
    step: 'read',
    service: input.service,
    realServer: input.realServer,
    advice: 'Read the pair again and draw up a new plan.',
  });
}

/** For proofs: `drained, weight 100, 41 active connections`. */
export function describe(server: RealServerReading): string {
  const parts: string[] = [server.status ?? 'state unknown'];
  if (server.weight !== null) parts.push(`weight ${server.weight}`);
  if (server.activeConnections !== null) parts.push(`${server.activeConnections} active connections`);
  if (server.status === 'failed' && server.checkText !== null) parts.push(server.checkText);
  return parts.join(', ');
}
