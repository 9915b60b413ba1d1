import { z } from 'zod';
import { stepKind, type StepContext, type StepKind } from '#engine/jobs/index';
import type { Plan } from '#shared/contract/plans';
import {
  compareConfigurations,
  configurationText,
  defaultFixOptions,
  differenceOf,
  faultsOf,
  isLoopback,
  normaliseMac,
  reasonText,
  type ServerTarget,
  type WindowsOperation,
} from '#shared/domain/direct-routing/index';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import { EvenkeelError } from '#shared/errors';
import type { DeadMen } from './dead-man';
import type { DrEstate, DrPair } from './deps';
import { watched, type FiredParts } from './fired';
import { windowsInput } from './steps-windows';
import type { Wires } from './wires';

const family = z.enum(['IPv4', 'IPv6']);
const target: z.ZodType<ServerTarget> = z.strictObject({
  addresses: z.array(z.strictObject({ address: z.string(), family, prefixLength: z.number() })),
  families: z.array(family),
  realAddresses: z.array(z.string()),
  memberships: z.array(
    z.strictObject({
      pairId: z.string(),
      pairName: z.string(),
      serviceName: z.string(),
      label: z.string(),
      vip: z.string(),
      realAddress: z.string(),
      ports: z.string(),
      protocol: z.string().nullable(),
    }),
  ),
  // With defaults: jobs of before have none of these.
  options: z
    .strictObject({ removeStale: z.boolean(), firewall: z.boolean(), ipv6Prefix: z.enum(['host', 'network']) })
    .default(defaultFixOptions),
  knownVips: z.array(z.string()).default([]),
  unsureVips: z.array(z.string()).default([]),
  unreadPairs: z.array(z.string()).default([]),
});

export const verifyInput = z.strictObject({
  windowsId: z.string(),
  expected: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('target'), target }),
    z.strictObject({ kind: z.literal('snapshot'), snapshotId: z.string() }),
  ]),
});
export const wireInput = z.strictObject({
  windowsId: z.string(),
  /** Plans of earlier versions name no pair. */
  pairId: z.string().optional(),
  unitId: z.string(),
  addresses: z.array(z.string()).min(1),
});

export interface ProofParts extends FiredParts {
  readonly estate: DrEstate;
  readonly deadMen: DeadMen;
  readonly wires: Wires;
}

export interface Verified {
  readonly compared: number;
  /** What is not as it should be, one sentence each. */
  readonly wrong: readonly string[];
}

/** The state beside what the plan promised: the target, or the snapshot that an undo goes back to. */
export async function verify(
  parts: ProofParts,
  expected: z.infer<typeof verifyInput>['expected'],
  state: WindowsNetworkState,
): Promise<Verified> {
  if (expected.kind === 'target') {
    const difference = differenceOf(expected.target, state);
    return { compared: difference.checks.length, wrong: faultsOf(difference).map(reasonText) };
  }
  const before = await parts.store.snapshot(expected.snapshotId);
  const rows = compareConfigurations(before.state, state);
  return {
    compared: rows.length,
    wrong: rows
      .filter((row) => row.before !== row.after)
      .map((row) => `${row.adapterName}: ${row.item} was ${row.before ?? 'absent'}, is ${row.after ?? 'absent'}.`),
  };
}

/** Steps that read and ask, and let nothing pass that is not as promised. */
export function proofSteps(parts: ProofParts): readonly StepKind[] {
  return [verifyStep(parts), wireStep(parts)];
}

function verifyStep(parts: ProofParts): StepKind {
  return stepKind({
    kind: 'directRouting.verify',
    input: verifyInput,
    whenInterrupted: 'resume',
    inspect: () => Promise.resolve('not-done'),
    run: (context, input) =>
      watched(parts, input.windowsId, context, async (): Promise<'done'> => {
        const state = await parts.states.read(input.windowsId, context.signal);
        const { compared, wrong } = await verify(parts, input.expected, state);
        if (wrong.length > 0) {
          throw new EvenkeelError('proof_failed', {
            unit: context.step.unitName,
            step: context.step.title,
            seen: wrong.slice(0, 20),
            advice: 'The server is taken back to its snapshot.',
          });
        }
        context.note(`${compared} values read back, all as planned.`);
        if (input.expected.kind === 'target') await keepFix(parts, context, input, input.expected.target, state);
        return 'done';
      }),
    undo: null,
  });
}

/** From here on the fix can be undone from its snapshot, also when the job does not come to its end. */
async function keepFix(
  parts: ProofParts,
  context: StepContext,
  { windowsId }: z.infer<typeof verifyInput>,
  { memberships }: ServerTarget,
  state: WindowsNetworkState,
): Promise<void> {
  const snapshot = await parts.store.snapshotOf(context.jobId, windowsId);
  if (snapshot === null) return;
  await parts.store.addFix({
    windowsId,
    name: context.step.unitName,
    jobId: context.jobId,
    at: context.now(),
    snapshotId: snapshot.id,
    operations: operationsOf(context.plan, windowsId),
    services: memberships.map(({ pairId, vip }) => ({ pairId, address: vip })),
    after: configurationText(state),
  });
}

/** Everything that a plan does to one server, in order. */
export function operationsOf(plan: Plan, windowsId: string): readonly WindowsOperation[] {
  return plan.steps.flatMap((step) => {
    const parsed = windowsInput.safeParse(step.input);
    return parsed.success && parsed.data.windowsId === windowsId ? parsed.data.operations : [];
  });
}

function wireStep(parts: ProofParts): StepKind {
  return stepKind({
    kind: 'directRouting.wire',
    input: wireInput,
    whenInterrupted: 'resume',
    inspect: () => Promise.resolve('not-done'),
    run: (context, input) =>
      watched(parts, input.windowsId, context, async (): Promise<'done'> => {
        for (const address of input.addresses) {
          const asked = await askWire(parts, input, address, context.signal);
          if (asked.held === false) {
            throw new EvenkeelError('proof_failed', {
              unit: context.step.unitName,
              step: context.step.title,
              seen: `${address}: ${asked.seen}`,
              advice: 'Only the active appliance may answer ARP for this address.',
            });
          }
          context.note(`${address}: ${asked.seen}`, { level: asked.held === null ? 'warning' : 'info' });
        }
        return 'done';
      }),
    undo: null,
  });
}

/**
 * Does the server keep silent for the address? Another server that answers is told, and is not this one's fault. Where
 * the server's own MACs are not known, the active unit was not heard either, or a stranger answers, nothing is proved.
 */
export async function askWire(
  parts: Pick<ProofParts, 'estate' | 'states' | 'wires'>,
  input: z.infer<typeof wireInput>,
  address: string,
  signal: AbortSignal,
): Promise<{ readonly held: boolean | null; readonly seen: string }> {
  const pair = await pairCarriedBy(parts.estate, input, signal);
  if (pair === undefined) return { held: null, seen: 'the unit is not the active one any more' };
  try {
    const wire = await parts.wires.ask(pair, address, signal);
    if (wire.macs === null) return { held: null, seen: 'cannot be asked from here' };
    const own = macsOf(parts.states.of(input.windowsId).state);
    const guilty = wire.macs.filter((mac) => own.includes(normaliseMac(mac)));
    if (guilty.length > 0) return { held: false, seen: `the server answers with ${guilty.join(', ')}` };
    if (own.length === 0) return { held: null, seen: 'the MAC addresses of the server are not known' };
    const answers = wire.answers.map((answer) => `${answer.mac} (${answer.owner ?? 'unknown'})`).join(', ');
    if (wire.verdict === 'nobody') return { held: null, seen: 'nobody was heard, not even the active unit' };
    if (wire.verdict === 'active-twice') return { held: null, seen: `more than one answers: ${answers}` };
    return { held: true, seen: answers === '' ? 'nobody else answers' : `answered by ${answers}` };
  } catch (error) {
    if (signal.aborted || !(error instanceof EvenkeelError)) throw error;
    return { held: null, seen: `could not be asked: ${error.message}` };
  }
}

/** Of the adapters that stand on a wire. */
function macsOf(state: WindowsNetworkState | null): readonly string[] {
  return (state?.adapters ?? [])
    .filter((adapter) => !isLoopback(adapter) && adapter.mac !== '')
    .map((adapter) => normaliseMac(adapter.mac));
}

/** Right after a start no unit has been read yet, so a pair that is not known whole is read before it is believed. */
async function pairCarriedBy(
  estate: DrEstate,
  { pairId, unitId }: Pick<z.infer<typeof wireInput>, 'pairId' | 'unitId'>,
  signal: AbortSignal,
): Promise<DrPair | undefined> {
  const known = (): DrPair | undefined =>
    estate.pairs().find((pair) => (pairId === undefined ? pair.activeUnit?.id === unitId : pair.id === pairId));
  const pair = known();
  if (pair?.fresh === true && pair.passiveUnit !== null) return pair;
  const pairIds = estate.pairs().map(({ id }) => id);
  await estate.refresh(pair === undefined ? pairIds : [pair.id], signal);
  return known();
}
