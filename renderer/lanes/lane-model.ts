import type { JobSummary, JournalEntry, JournalState } from '#shared/contract/jobs';
import type { Plan, PlanStep } from '#shared/contract/plans';

/** `planned`: nothing was sent yet. `later`: its turn has not come. `taken-back`: it failed and is as it was before. */
export type LaneState =
  'planned' | 'failed' | 'taken-back' | 'taking-back' | 'waiting' | 'running' | 'later' | 'stopped' | 'done';

/** The steps of one server, or of one unit, in their order; and how far they have come. */
export interface Lane {
  readonly id: string;
  readonly name: string;
  readonly steps: readonly PlanStep[];
  readonly entries: readonly (JournalEntry | null)[];
  readonly state: LaneState;
  /** The step that it is at: the one under way, or the one that failed. */
  readonly at: PlanStep | null;
  readonly done: number;
  readonly guard: Guard | null;
}

/** The dead-man: the server restores itself at a time unless it is confirmed before. */
export interface Guard {
  /** Places of the steps that arm and confirm it. */
  readonly from: number;
  readonly to: number;
  readonly minutes: number | null;
  /** `armed`: it will restore itself at `restoresAt`, in milliseconds. */
  readonly state: 'later' | 'armed' | 'confirmed' | 'ended';
  readonly restoresAt: number | null;
}

export type Entries = (stepId: string) => JournalEntry | null;

/** The lanes of a plan in the order in which they are drawn up. */
export function lanesOf(plan: Plan, entry: Entries | null, job: Pick<JobSummary, 'state'> | null): readonly Lane[] {
  const steps = new Map<string, PlanStep[]>();
  for (const step of plan.steps) {
    const own = steps.get(step.lane);
    if (own === undefined) steps.set(step.lane, [step]);
    else own.push(step);
  }
  return [...steps].map(([id, own]) => laneOf(id, own, entry, job));
}

function laneOf(
  id: string,
  steps: readonly PlanStep[],
  entry: Entries | null,
  job: Pick<JobSummary, 'state'> | null,
): Lane {
  const entries = steps.map((step) => entry?.(step.id) ?? null);
  const states = entries.map((item) => item?.state ?? 'pending');
  const state = job === null ? 'planned' : stateOf(states, job.state);
  const at = states.findIndex((item) => item === 'failed');
  const now = at >= 0 ? at : states.findIndex((item) => item === 'running' || item === 'undoing');
  return {
    id,
    name: steps.find((step) => step.unitId === id)?.unitName ?? steps[0]?.unitName ?? id,
    steps,
    entries,
    state,
    at: steps[now] ?? null,
    done: states.filter((item) => item === 'done' || item === 'skipped').length,
    guard: guardOf(steps, entries),
  };
}

function stateOf(states: readonly JournalState[], job: JobSummary['state']): LaneState {
  const has = (...wanted: JournalState[]): boolean => states.some((state) => wanted.includes(state));
  const begun = states.some((state) => state !== 'pending');
  if (has('undoing')) return 'taking-back';
  if (has('failed')) return has('undone') && !has('running') ? 'taken-back' : job === 'waiting' ? 'waiting' : 'failed';
  if (has('running')) return 'running';
  if (states.every((state) => state === 'done' || state === 'skipped')) return 'done';
  if (has('undone')) return 'taken-back';
  const active = job === 'running' || job === 'queued';
  if (has('cancelled')) return 'stopped';
  if (!begun) return active || job === 'waiting' ? 'later' : 'stopped';
  return active ? 'running' : job === 'waiting' ? 'waiting' : 'stopped';
}

/** The steps that arm and confirm the dead-man are known by the end of their kind. */
const arms = /[.-]arm$/;
const confirms = /[.-]confirm$/;

function guardOf(steps: readonly PlanStep[], entries: readonly (JournalEntry | null)[]): Guard | null {
  const from = steps.findIndex((step) => arms.test(step.kind));
  const to = steps.findIndex((step) => confirms.test(step.kind));
  if (from < 0 || to < from) return null;
  const armed = entries[from] ?? null;
  const minutes = minutesOf(steps[from]);
  const since = begun(armed, entries);
  const restoresAt = since === null || minutes === null ? null : since + minutes * 60_000;
  return { from, to, minutes, restoresAt, state: guardState(armed?.state, entries[to]?.state) };
}

/** The time begins when it is armed, and anew when a later step says that the server was made to wait again. */
function begun(armed: JournalEntry | null, entries: readonly (JournalEntry | null)[]): number | null {
  const at = armed?.endedAt ?? armed?.startedAt ?? null;
  if (at === null) return null;
  const renewed = entries.flatMap(
    (entry) => entry?.notes.filter((note) => renewal.test(note.text)).map((note) => note.at) ?? [],
  );
  return Math.max(at, ...renewed);
}
const renewal = /^The server waits until .* takes everything back/;

function guardState(armed: JournalState | undefined, confirmed: JournalState | undefined): Guard['state'] {
  if (confirmed === 'done' || confirmed === 'skipped') return 'confirmed';
  if (armed === 'done' || armed === 'running') return 'armed';
  return armed === undefined || armed === 'pending' ? 'later' : 'ended';
}

function minutesOf(step: PlanStep | undefined): number | null {
  for (const name of ['minutes', 'revertMinutes']) {
    const value = step?.input[name];
    if (typeof value === 'number') return value;
  }
  const seconds = step?.input['seconds'];
  return typeof seconds === 'number' ? seconds / 60 : null;
}
