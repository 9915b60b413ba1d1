import type { ProofLine } from '#shared/contract/jobs';
import type { PlanStep } from '#shared/contract/plans';
import { EvenkeelError } from '#shared/errors';
import { redactText } from '#engine/log/index';
import { toErrorShape, toItem, type ErrorItem } from './error-shape';
import { linkSignals } from './linked-signal';
import type { LiveJob } from './live-job';
import type { JobParts } from './parts';
import type { StepRunner } from './step-runner';

const proofMs = 900_000;
const longest = 4_000;

export interface Proof {
  readonly verdict: 'proved' | 'not-proved';
  /** `failed` when something was read that is not what was promised; a value that could not be read does not fail it. */
  readonly state: 'succeeded' | 'failed';
  readonly error: ErrorItem | null;
}

/** Reads again what the plan promised, and writes the lines down. `null`: the engine stops; proved at the next start. */
export async function proveJob(job: LiveJob, parts: JobParts): Promise<Proof | null> {
  const read = await readAgain(job, parts, job.plan.steps);
  if (read === null) return null;
  await save(job, parts, read.lines);
  return read.error === null ? judge(read.lines) : { verdict: 'not-proved', state: 'succeeded', error: read.error };
}

/** After an undo no promise of the plan is proved; what was taken back is told, each read again where it can be. */
export async function proveUndo(
  job: LiveJob,
  parts: JobParts,
  runner: StepRunner,
  undone: readonly PlanStep[],
): Promise<void> {
  const lines = await readTakenBack(parts, runner, undone);
  if (lines !== null) await save(job, parts, lines);
}

/** Where some lanes came to their end and others were taken back: both are told. False: the engine stops. */
export async function proveLanes(
  job: LiveJob,
  parts: JobParts,
  runner: StepRunner,
  { finished, undone }: { readonly finished: readonly PlanStep[]; readonly undone: readonly PlanStep[] },
): Promise<boolean> {
  const read = finished.length === 0 ? { lines: [] } : await readAgain(job, parts, finished);
  const taken = read === null ? null : await readTakenBack(parts, runner, undone);
  if (read === null || taken === null) return false;
  await save(job, parts, [...read.lines, ...taken]);
  return true;
}

interface ReadAgain {
  readonly lines: readonly ProofLine[];
  /** Why nothing could be read. */
  readonly error: ErrorItem | null;
}

async function readAgain(job: LiveJob, parts: JobParts, steps: readonly PlanStep[]): Promise<ReadAgain | null> {
  job.show({ currentStep: 'Proof' });
  const { signal, release } = linkSignals(proofMs, parts.stopped);
  try {
    const kind = parts.catalogue.plan(job.plan);
    const lines = await kind.prove({ ...job.plan, steps: [...steps] }, job.journal.all(), signal);
    return parts.stopped.aborted ? null : { lines, error: null };
  } catch (error) {
    if (parts.stopped.aborted) return null;
    const shape = toErrorShape(error, { step: 'proof' }, parts.log);
    const text = 'The state was read again.';
    return { lines: [{ stepId: null, text, held: null, seen: shape.message, at: parts.now() }], error: shape };
  } finally {
    release();
    job.show({ currentStep: null });
  }
}

async function readTakenBack(
  parts: JobParts,
  runner: StepRunner,
  undone: readonly PlanStep[],
): Promise<readonly ProofLine[] | null> {
  const lines: ProofLine[] = [];
  for (const step of undone) {
    const found = await runner.inspect(step);
    if (parts.stopped.aborted) return null;
    const text = `Taken back: ${step.undo ?? step.title}`;
    lines.push({ stepId: step.id, text, at: parts.now(), ...afterUndo[found] });
  }
  return lines;
}

const afterUndo = {
  'not-done': { held: true, seen: 'as before the job' },
  done: { held: false, seen: 'the effect of the step still stands' },
  unknown: { held: null, seen: 'could not be read' },
} as const;

function judge(lines: readonly ProofLine[]): Proof {
  if (lines.length > 0 && lines.every((line) => line.held === true)) {
    return { verdict: 'proved', state: 'succeeded', error: null };
  }
  const broken = lines.filter((line) => line.held === false);
  if (broken.length === 0) return { verdict: 'not-proved', state: 'succeeded', error: null };
  const details = { step: 'proof', promised: broken.slice(0, 20).map((line) => `${line.text} Seen: ${line.seen}`) };
  return { verdict: 'not-proved', state: 'failed', error: toItem(new EvenkeelError('proof_failed', details)) };
}

async function save(job: LiveJob, parts: JobParts, lines: readonly ProofLine[]): Promise<void> {
  const clean = lines.map((line) => ({
    ...line,
    text: redactText(line.text).slice(0, longest),
    seen: redactText(line.seen).slice(0, longest),
  }));
  await parts.store.saveProof(job.id, clean, parts.now());
  job.showProof(clean);
}
