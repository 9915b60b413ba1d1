import type { PlanStep } from '../../../contract/plans';
import type { SettingOperation } from '../operations';
import { base, toJson, type ServerPlanInput } from './parts';

/** The longest that a dead-man waits. */
const mostMinutes = 1_440;

/**
 * How long the dead-man waits: as wished, but never shorter than twice what the steps under its watch may take, and a
 * minute more.
 */
export function deadManMinutes(wished: number, watched: readonly PlanStep[]): number {
  const seconds = watched.reduce((sum, step) => sum + step.estimateSeconds, 0);
  return Math.min(mostMinutes, Math.max(wished, Math.ceil((2 * seconds + 60) / 60)));
}

/** From here on the server takes everything back by itself, unless the confirmation comes in time. */
export function armStep(input: ServerPlanInput, minutes: number, operations: readonly SettingOperation[]): PlanStep {
  const { snapshotName: name } = input;
  const sent = { operation: 'dead-man-arm' as const, input: { name, minutes, operations: [...operations] } };
  return base(input, 'arm', {
    kind: 'directRouting.arm',
    title: 'Arm',
    sentence: `${input.name} takes everything back by itself unless it is confirmed within ${minutes} min, also without a link and over a restart`,
    action: { via: 'winrm', kind: 'script', text: input.texts.script([sent]) },
    expect: 'A scheduled task that restores the snapshot.',
    promise: 'The dead-man was armed before the first change.',
    risk: 'low',
    riskNote: null,
    estimateSeconds: 4,
    undo: 'Removes the scheduled task once everything is taken back.',
    input: { windowsId: input.windowsId, name, minutes, operations: toJson(operations) },
  });
}

/** The change was proved: it stays. */
export function confirmStep(input: ServerPlanInput): PlanStep {
  const { snapshotName: name } = input;
  return base(input, 'confirm', {
    kind: 'directRouting.confirm',
    title: 'Confirm',
    sentence: `The change is proved and stays; ${input.name} no longer takes it back`,
    action: {
      via: 'winrm',
      kind: 'script',
      text: input.texts.script([{ operation: 'dead-man-confirm', input: { name } }]),
    },
    expect: 'The scheduled task is gone.',
    promise: 'The server took nothing back by itself, and will not.',
    risk: 'low',
    riskNote: null,
    estimateSeconds: 2,
    undo: 'Arms it again before the change is taken back.',
    input: { windowsId: input.windowsId, name, armStepId: `${input.windowsId}/arm` },
  });
}
