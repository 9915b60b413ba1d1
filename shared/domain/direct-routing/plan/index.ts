import type { PlanStep } from '../../../contract/plans';
import type { WindowsNetworkState } from '../../windows/network-state';
import type { Difference } from '../difference';
import { fixOperations } from '../fix-operations';
import type { SettingOperation, WindowsOperation } from '../operations';
import type { ServerTarget } from '../target';
import { undoOperations } from '../undo';
import { drainStep, guardStep, onlineStep, wireStep } from './appliance-steps';
import { armStep, confirmStep, deadManMinutes } from './dead-man';
import { onlineAt, type ServerPlanInput } from './parts';
import { changeStep, restoreStep, snapshotStep, verifyStep, type Expected } from './server-steps';

export type { ActiveUnit, ServerPlanInput, Texts } from './parts';

export interface FixInput extends ServerPlanInput {
  readonly target: ServerTarget;
  readonly difference: Difference;
}

export interface UndoInput extends ServerPlanInput {
  readonly target: ServerTarget | null;
  readonly before: WindowsNetworkState;
  /** As it is: what this undo is taken back to when it does not come to its end. */
  readonly now: WindowsNetworkState;
  readonly done: readonly WindowsOperation[];
  readonly snapshotId: string;
}

/** The steps of one server's fix, only those needed; empty when the server is right. Step ids begin with the server's. */
export function planFix(input: FixInput): readonly PlanStep[] {
  const { target, difference } = input;
  const parts = fixOperations(target, difference);
  if (parts.length === 0) return [];
  const operations = parts.flatMap((part) => part.operations);
  return fenced(input, {
    changes: parts.map((part) => changeStep(input, part, difference)),
    takingBack: undoOperations(operations, difference.state),
    expected: { kind: 'target', target },
    addresses: target.addresses.map((item) => item.address),
  });
}

/** The steps that bring a server back to its snapshot. */
export function planUndo(input: UndoInput): readonly PlanStep[] {
  const operations = undoOperations(input.done, input.before);
  if (operations.length === 0) return [];
  return fenced(input, {
    changes: [restoreStep(input, operations)],
    takingBack: undoOperations(operations, input.now),
    expected: { kind: 'snapshot', snapshotId: input.snapshotId },
    addresses: input.target?.addresses.map((item) => item.address) ?? [],
  });
}

interface Fenced {
  readonly changes: readonly PlanStep[];
  /** What the dead-man does. */
  readonly takingBack: readonly SettingOperation[];
  readonly expected: Expected;
  readonly addresses: readonly string[];
}

/**
 * What goes before and after the changes: guard, drain, snapshot, arm … verify, wire, confirm, online. Until it is
 * confirmed the server takes everything back by itself, whatever becomes of the link and of this computer.
 */
function fenced(input: ServerPlanInput, { changes, takingBack, expected, addresses }: Fenced): readonly PlanStep[] {
  const drained = input.units.filter((unit) => onlineAt(input, unit).length > 0);
  const watched = [
    ...changes,
    verifyStep(input, expected),
    ...input.units.flatMap((unit) => wireStep(input, unit, addresses)),
  ];
  const minutes = deadManMinutes(input.revertMinutes, watched);
  const guarded =
    takingBack.length === 0 ? watched : [armStep(input, minutes, takingBack), ...watched, confirmStep(input)];
  return [
    guardStep(input),
    ...drained.map((unit) => drainStep(input, unit)),
    snapshotStep(input),
    ...guarded,
    ...drained.map((unit) => onlineStep(input, unit)),
  ];
}
