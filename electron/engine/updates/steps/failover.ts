import type { Appliance } from '#engine/appliance/index';
import { stepKind, type StepContext, type StepKind } from '#engine/jobs/step-kind';
import type { ApplianceReading } from '#shared/domain/appliance/reading';
import { failoverInput, type FailoverInput } from '#shared/domain/updates/step-input';
import { EvenkeelError, type ErrorCode } from '#shared/errors';
import { pause, readUntil, type StepParts } from './parts';

/** The active unit hands its addresses over; then each of them must be answered by exactly one unit. */
export function failoverStep(parts: StepParts): StepKind {
  return stepKind<FailoverInput>({
    kind: 'updates.failover',
    input: failoverInput,
    // Running again is safe: it looks at both units before it sends anything.
    whenInterrupted: 'resume',
    inspect: async (context, input) => {
      const { from, to } = await readBoth(parts, context, input);
      if (to.ha.state === 'active' && from.ha.state === 'passive') return 'done';
      return from.ha.state === 'active' && to.ha.state === 'passive' ? 'not-done' : 'unknown';
    },
    run: async (context, input) => {
      parts.rollouts.begin(context.plan);
      const { from, to } = await settled(parts, context, input);
      const done = to.ha.state === 'active' && from.ha.state === 'passive';
      if (!done) {
        if (from.ha.state !== 'active' || to.ha.state !== 'passive') throw notReady(input, from, to);
        const startedAt = context.now();
        await context.remember({ asked: true });
        await hand(parts, context, input, 'standby');
        context.note(`${input.toName} is active after ${((context.now() - startedAt) / 1000).toFixed(1)} s.`);
      }
      await answeredOnce(parts, context, input);
      return done ? 'skipped' : 'done';
    },
    undo: async (context, input) => {
      const { from } = await readBoth(parts, context, input);
      if (from.ha.state !== 'active') await hand(parts, context, input, 'takeover');
      context.note(`${input.fromName} carries the traffic again.`);
    },
  });
}

/** A failover that an earlier run asked for may be under way: the units are given time to agree. */
async function settled(parts: StepParts, context: StepContext, input: FailoverInput): Promise<Both> {
  const late = AbortSignal.timeout(context.recall().asked === true ? parts.times.failoverMs : 0);
  for (;;) {
    const both = await readBoth(parts, context, input);
    const agreed = [both.from.ha.state, both.to.ha.state].sort().join() === 'active,passive';
    if (agreed || late.aborted) return both;
    await pause(parts.times.pollMs, AbortSignal.any([context.signal, late]));
    context.signal.throwIfAborted();
  }
}

interface Both {
  readonly from: ApplianceReading;
  readonly to: ApplianceReading;
}

async function readBoth(parts: StepParts, context: StepContext, input: FailoverInput): Promise<Both> {
  const [from, to] = await Promise.all([parts.units.open(input.fromId), parts.units.open(input.toId)]);
  const [fromNow, toNow] = await Promise.all([from.read(context.signal), to.read(context.signal)]);
  return { from: fromNow, to: toNow };
}

/** `standby`: from the first to the second unit. `takeover`: back to the first. Ends when both say so. */
async function hand(
  parts: StepParts,
  context: StepContext,
  input: FailoverInput,
  direction: 'standby' | 'takeover',
): Promise<void> {
  const [from, to] = await Promise.all([parts.units.open(input.fromId), parts.units.open(input.toId)]);
  const outcome = await from.failover(direction, context.signal);
  if (outcome.text.trim() !== '') context.note(outcome.text.trim().slice(0, 2_000), { code: true });
  const [taker, giver]: readonly [Appliance, Appliance] = direction === 'standby' ? [to, from] : [from, to];
  const limits = {
    withinMs: parts.times.failoverMs,
    pollMs: Math.min(1_000, parts.times.pollMs),
    signal: context.signal,
  };
  const taken = await readUntil(taker, ({ ha }) => ha.state === 'active', limits);
  const given = taken && (await readUntil(giver, ({ ha }) => ha.state === 'passive', limits));
  if (!given) {
    const name = taken ? `${giver.name} is not passive` : `${taker.name} is not active`;
    throw failed(input, 'health_not_restored', `${name} after ${Math.round(parts.times.failoverMs / 1000)} s.`);
  }
}

/** Asked from the unit that stands by now: a unit hears nothing of its own addresses. */
async function answeredOnce(parts: StepParts, context: StepContext, input: FailoverInput): Promise<void> {
  const from = await parts.units.open(input.fromId);
  const watched = input.addresses.filter((address) => !address.includes(':'));
  if (watched.length < input.addresses.length) {
    context.note('IPv6 addresses answer no ARP and were not asked for.');
  }
  if (from.channelsFor('arping').length === 0) {
    context.note('Who answers for the addresses cannot be asked without SSH.', { level: 'warning' });
    return;
  }
  for (const address of watched) {
    const macs = await askUntilOne(parts, context, from, address);
    if (macs.length > 1) throw failed(input, 'address_conflict', `${address} is answered by ${macs.join(' and ')}.`);
    if (macs.length === 0) throw failed(input, 'health_not_restored', `Nothing answers for ${address}.`);
    context.note(`${address} is answered by ${macs.join()} alone.`);
  }
}

/** Both units may answer for a moment, and neither: asked again until one does, or the time is over. */
async function askUntilOne(
  parts: StepParts,
  context: StepContext,
  from: Appliance,
  address: string,
): Promise<readonly string[]> {
  const late = AbortSignal.timeout(parts.times.failoverMs);
  for (;;) {
    const { macs } = await from.arping(address, context.signal);
    if (macs.length === 1 || late.aborted) return macs;
    await pause(Math.min(1_000, parts.times.pollMs), AbortSignal.any([context.signal, late]));
    context.signal.throwIfAborted();
  }
}

function notReady(input: FailoverInput, from: ApplianceReading, to: ApplianceReading): EvenkeelError {
  const state = (reading: ApplianceReading): string => reading.ha.state ?? 'in an unknown state';
  return failed(input, 'pair_not_ready', `${input.fromName} is ${state(from)}, ${input.toName} is ${state(to)}.`);
}

function failed(input: FailoverInput, code: ErrorCode, reason: string): EvenkeelError {
  return new EvenkeelError(code, {
    unit: input.fromName,
    step: 'Failover',
    reason,
    unchanged: `${input.fromName} was not updated.`,
    advice: 'Look at both units before resuming.',
  });
}
