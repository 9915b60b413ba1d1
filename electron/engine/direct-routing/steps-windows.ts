import { z } from 'zod';
import { stepKind, type StepContext, type StepKind } from '#engine/jobs/index';
import {
  operationStands,
  undoOperations,
  windowsOperation,
  type ScriptEvent,
  type WindowsOperation,
} from '#shared/domain/direct-routing/index';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import { EvenkeelError } from '#shared/errors';
import type { DeadMen } from './dead-man';
import type { DirectRoutingDeps } from './deps';
import { fingerprint } from './fingerprint';
import { watched, withWatch, type FiredParts } from './fired';

export const windowsInput = z.strictObject({
  windowsId: z.string(),
  operations: z.array(windowsOperation).min(1),
  snapshotStepId: z.string(),
});
export const snapshotInput = z.strictObject({ windowsId: z.string(), name: z.string() });

export interface WindowsStepParts extends FiredParts {
  readonly deps: Pick<DirectRoutingDeps, 'windows' | 'now'>;
  readonly deadMen: DeadMen;
}

/** The step kinds that change a Windows server; all run operations, all are taken back from the snapshot. */
export const changeKinds = ['install', 'bindings', 'interface', 'address', 'firewall', 'lan', 'restore'] as const;

export function windowsSteps(parts: WindowsStepParts): readonly StepKind[] {
  return [snapshot(parts), ...changeKinds.map((name) => change(parts, `directRouting.${name}`))];
}

type WindowsInput = z.infer<typeof windowsInput>;

function snapshot({ deps, states, store }: WindowsStepParts): StepKind {
  return stepKind({
    kind: 'directRouting.snapshot',
    input: snapshotInput,
    whenInterrupted: 'resume',
    // Both copies must be there; taking it again keeps the first.
    inspect: () => Promise.resolve('not-done'),
    run: async (context, input) => {
      const state = await states.read(input.windowsId, context.signal);
      refuseChanged(state, input.windowsId, context);
      const kept = await store.takeSnapshot(context.jobId, state, input.windowsId);
      await context.remember({ snapshotId: kept.id, sha256: kept.sha256 });
      context.note(`Kept here, SHA-256 ${kept.sha256}.`);
      const server = await deps.windows(input.windowsId);
      const operation: WindowsOperation = { operation: 'snapshot', input: { name: input.name } };
      const [result] = await server.run([operation], { signal: context.signal, onReconnect: reconnected(context) });
      const path = result?.facts['path'];
      if (typeof path === 'string') context.note(`Kept on the server: ${path}`, { code: true });
      return 'done';
    },
    undo: null,
  });
}

/** What the plan changes, and what takes it back, was drawn up from one state: a drain may have taken an hour since. */
function refuseChanged(state: WindowsNetworkState, windowsId: string, context: StepContext): void {
  const planned = context.plan.basis[windowsId];
  if (planned === undefined || planned === fingerprint(state)) return;
  throw new EvenkeelError('plan_outdated', {
    unit: context.step.unitName,
    step: context.step.title,
    unchanged: 'The network of the server was left as it is.',
    advice: 'The network of the server changed since. Draw up a new plan.',
  });
}

function change(parts: WindowsStepParts, kind: string): StepKind {
  const { states } = parts;
  return stepKind({
    kind,
    input: windowsInput,
    // Every operation sets a state: running it again is the same as running it once.
    whenInterrupted: 'resume',
    inspect: async (context, input) => {
      const state = await states.read(input.windowsId, context.signal);
      return input.operations.every((operation) => operationStands(operation, state)) ? 'done' : 'not-done';
    },
    run: async (context, input) => {
      await watched(parts, input.windowsId, context, async () => {
        await context.remember({ started: true });
        await runNoting(parts.deps, input.windowsId, input.operations, context);
      });
      return 'done';
    },
    undo: async (context, input) => {
      try {
        await takeBack(parts, input, context);
      } catch (error) {
        if (context.signal.aborted || !(error instanceof EvenkeelError)) throw error;
        throw withWatch(error, context, parts.deps.now());
      }
    },
  });
}

async function takeBack(parts: WindowsStepParts, input: WindowsInput, context: StepContext): Promise<void> {
  const { deps, states, store } = parts;
  const before = await store.snapshotOf(context.jobId, input.windowsId);
  // Without a snapshot nothing was changed: the steps come after it.
  if (before === null) return context.note('There is no snapshot, so nothing was changed.');
  const wanted = undoOperations(input.operations, before.state);
  const first = await states.read(input.windowsId, context.signal);
  // What the step did not come to change, or the server took back by itself, needs no taking back. A device whose
  // driver hung is listed as no adapter: only asking for its removal finds it.
  const open = wanted.filter((item) => !operationStands(item, first));
  const back = wanted.filter((item) => item.operation === 'remove-device' || open.includes(item));
  const left = async (): Promise<readonly WindowsOperation[]> => {
    const now = await states.read(input.windowsId, context.signal);
    return wanted.filter((item) => !operationStands(item, now));
  };
  if (open.length === 0) context.note('Everything is as in the snapshot already.');
  if (back.length === 0) return;
  try {
    await runNoting(deps, input.windowsId, back, context);
  } catch (error) {
    if (context.signal.aborted || !(error instanceof EvenkeelError)) throw error;
    // The server may have taken it back at the same time, and what was to be set is gone.
    if ((await left()).length > 0) throw error;
    return context.note(`Taken back by the server itself meanwhile: ${error.message}`, { level: 'warning' });
  }
  const still = await left();
  if (still.length > 0) {
    throw notTakenBack(
      context,
      still.map((item) => item.operation),
    );
  }
}

function notTakenBack(context: StepContext, left: readonly string[]): EvenkeelError {
  return new EvenkeelError('proof_failed', {
    unit: context.step.unitName,
    step: `Undo: ${context.step.title}`,
    seen: left,
    advice: 'Read back, these are not as in the snapshot. Look at the server, then undo again.',
  });
}

async function runNoting(
  deps: WindowsStepParts['deps'],
  windowsId: string,
  operations: readonly WindowsOperation[],
  context: StepContext,
): Promise<void> {
  if (operations.length === 0) return;
  const server = await deps.windows(windowsId);
  await server.run(operations, {
    signal: context.signal,
    onEvent: (event) => noteEvent(event, context),
    onReconnect: reconnected(context),
  });
}

function noteEvent(event: ScriptEvent, context: StepContext): void {
  if (event.event === 'note') context.note(event.text.slice(0, 2_000));
  if (event.event !== 'result') return;
  const what = event.changed.length === 0 ? 'as wanted already' : event.changed.join(', ');
  context.note(`${event.operation}: ${what}`.slice(0, 2_000));
}

function reconnected(context: StepContext): (reason: string) => void {
  return (reason) =>
    context.note(`The link was lost (${reason}); connecting again, once. The script is safe to repeat.`, {
      level: 'warning',
    });
}
