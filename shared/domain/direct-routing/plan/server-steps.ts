import type { PlanStep } from '../../../contract/plans';
import type { Difference } from '../difference';
import type { PhaseOperations } from '../fix-operations';
import type { SettingOperation } from '../operations';
import { sentenceOf } from '../sentences';
import type { ServerTarget } from '../target';
import { base, toJson, type ServerPlanInput } from './parts';
import { phaseFacts } from './phases';

/** What the server is compared with at the end. */
export type Expected =
  | { readonly kind: 'target'; readonly target: ServerTarget }
  | { readonly kind: 'snapshot'; readonly snapshotId: string };

export function snapshotStep(input: ServerPlanInput): PlanStep {
  return base(input, 'snapshot', {
    kind: 'directRouting.snapshot',
    title: 'Snapshot',
    sentence: `Network state, kept here and on ${input.name}`,
    action: {
      via: 'winrm',
      kind: 'script',
      text: input.texts.script([{ operation: 'snapshot', input: { name: input.snapshotName } }]),
    },
    expect: 'A copy of the state from which everything can be taken back.',
    promise: 'The snapshot is kept and whole.',
    risk: 'none',
    riskNote: null,
    estimateSeconds: 3,
    undo: null,
    input: { windowsId: input.windowsId, name: input.snapshotName },
  });
}

export function changeStep(input: ServerPlanInput, part: PhaseOperations, difference: Difference): PlanStep {
  const facts = phaseFacts[part.phase];
  return base(input, part.phase, {
    kind: `directRouting.${part.phase}`,
    title: facts.title,
    sentence: sentenceOf(part, difference),
    action: { via: 'winrm', kind: 'script', text: input.texts.script(part.operations) },
    expect: facts.expect,
    promise: facts.promise,
    risk: facts.risk,
    riskNote: facts.risk === 'some' ? 'LAN may blip' : null,
    estimateSeconds: facts.seconds,
    undo: facts.undo,
    input: {
      windowsId: input.windowsId,
      operations: toJson(part.operations),
      snapshotStepId: `${input.windowsId}/snapshot`,
    },
  });
}

export function restoreStep(input: ServerPlanInput, operations: readonly SettingOperation[]): PlanStep {
  const removes = operations.some((operation) => operation.operation === 'remove-device');
  return base(input, 'restore', {
    kind: 'directRouting.restore',
    title: 'Restore',
    sentence: `Takes back ${operations.length} settings from the snapshot, in reverse order`,
    action: { via: 'winrm', kind: 'script', text: input.texts.script(operations) },
    expect: 'The network state is that of the snapshot.',
    promise: 'Every value is as in the snapshot.',
    risk: removes ? 'some' : 'low',
    riskNote: removes ? 'LAN may blip' : null,
    estimateSeconds: 30,
    undo: 'Puts the settings back that were found before this step.',
    input: {
      windowsId: input.windowsId,
      operations: toJson(operations),
      snapshotStepId: `${input.windowsId}/snapshot`,
    },
  });
}

export function verifyStep(input: ServerPlanInput, expected: Expected): PlanStep {
  return base(input, 'verify', {
    kind: 'directRouting.verify',
    title: 'Verify',
    sentence:
      expected.kind === 'target'
        ? 'Reads the state back, compares it with After'
        : 'Reads the state back, compares it with the snapshot',
    action: { via: 'winrm', kind: 'read', text: input.texts.script([{ operation: 'read-state', input: {} }]) },
    expect: 'Nothing; it only reads.',
    promise: expected.kind === 'target' ? 'Every value as planned.' : 'Every value as in the snapshot.',
    risk: 'none',
    riskNote: null,
    estimateSeconds: 4,
    undo: null,
    input: { windowsId: input.windowsId, expected: toJson(expected) },
  });
}
