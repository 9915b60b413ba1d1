import pLimit from 'p-limit';
import { EvenkeelError } from '#shared/errors';
import type { PlanKind } from '#engine/jobs/index';
import type { JournalEntry, ProofLine } from '#shared/contract/jobs';
import type { Plan } from '#shared/contract/plans';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import { fingerprint } from './fingerprint';
import { refuseOtherServices } from './planned-services';
import { proveStep, type PlanKindParts, type Seen } from './prove-steps';

export type { PlanKindParts } from './prove-steps';

/** Servers read at a time. */
const mostAtATime = 8;

/** The two kinds of plan of Direct Routing: `directRouting.fix` and `directRouting.undo`. */
export function planKinds(parts: PlanKindParts): readonly PlanKind[] {
  return (['directRouting.fix', 'directRouting.undo'] as const).map((kind) => ({
    kind,
    // One lane a server: none is left drained and half changed.
    onCancel: 'take-back-lane',
    recheck: (plan, signal) => recheck(parts, plan, signal),
    prove: (plan, journal, signal) => prove(parts, plan, journal, signal),
    ended: async (plan, { jobId, number, by, state, proof }) => {
      // What a failed proof leaves in place is a fix too, one that is not proved; what was taken back is none.
      if (state === 'undone') await parts.store.dropFixes(jobId);
      else await parts.store.closeFixes(jobId, { jobNumber: number, by, proved: provedIn(plan, proof) });
      const { fixId } = plan.basis;
      if (kind === 'directRouting.undo' && state === 'succeeded' && typeof fixId === 'string') {
        await parts.store.markUndone(fixId);
      }
      await parts.afterJob();
    },
  }));
}

/** Servers of which every promise was read again and held. */
function provedIn(plan: Plan, proof: readonly ProofLine[]): readonly string[] {
  return windowsIdsOf(plan).filter((windowsId) =>
    plan.steps
      .filter((step) => step.lane === windowsId)
      .every((step) => proof.find((line) => line.stepId === step.id)?.held === true),
  );
}

async function recheck(parts: PlanKindParts, plan: Plan, signal: AbortSignal): Promise<void> {
  await refuseOtherServices(parts.estate, plan, signal);
  const width = pLimit(mostAtATime);
  const checks = windowsIdsOf(plan).map((windowsId) =>
    width(async () => {
      const state = await parts.states.read(windowsId, signal);
      if (plan.basis[windowsId] === fingerprint(state)) return;
      throw new EvenkeelError('plan_outdated', {
        unit: state.computerName,
        step: 'reading the server again',
        unchanged: 'Nothing was sent.',
        advice: 'The network of the server changed since. Draw up a new plan.',
      });
    }),
  );
  await Promise.all(checks);
}

function windowsIdsOf(plan: Plan): readonly string[] {
  return [...new Set(plan.steps.map((step) => step.lane))];
}

/** Reads every server and appliance again: one line a promise. */
async function prove(
  parts: PlanKindParts,
  plan: Plan,
  journal: readonly JournalEntry[],
  signal: AbortSignal,
): Promise<readonly ProofLine[]> {
  const width = pLimit(mostAtATime);
  const lanes = windowsIdsOf(plan).map((windowsId) =>
    width(() => proveServer(parts, plan, journal, windowsId, signal)),
  );
  return (await Promise.all(lanes)).flat();
}

async function proveServer(
  parts: PlanKindParts,
  plan: Plan,
  journal: readonly JournalEntry[],
  windowsId: string,
  signal: AbortSignal,
): Promise<readonly ProofLine[]> {
  const lines: ProofLine[] = [];
  const state = await readOrNull(parts, windowsId, signal);
  for (const step of plan.steps.filter((item) => item.lane === windowsId)) {
    const entry = journal.find((item) => item.stepId === step.id);
    const seen = await guarded(signal, () => proveStep(parts, step, entry, state, signal));
    lines.push({ stepId: step.id, text: step.promise, at: parts.deps.now(), ...seen });
  }
  return lines;
}

async function readOrNull(
  parts: PlanKindParts,
  windowsId: string,
  signal: AbortSignal,
): Promise<WindowsNetworkState | null> {
  try {
    return await parts.states.read(windowsId, signal);
  } catch (error) {
    if (signal.aborted || !(error instanceof EvenkeelError)) throw error;
    return null;
  }
}

async function guarded(signal: AbortSignal, work: () => Promise<Seen>): Promise<Seen> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted || !(error instanceof EvenkeelError)) throw error;
    return { held: null, seen: `could not be read: ${error.message}` };
  }
}
