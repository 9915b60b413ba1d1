import type { JobSummary, JournalEntry } from '#shared/contract/jobs';
import type { Plan, PlanStep } from '#shared/contract/plans';

export type RowState = 'done' | 'now' | 'later' | 'failed' | 'undone';

/** A phase, or a pause between two of them, as one row of the timeline. */
export interface PhaseRow {
  readonly kind: 'phase';
  readonly step: PlanStep;
  readonly entry: JournalEntry | null;
  readonly state: RowState;
  /** When it began, or is thought to begin; milliseconds. `null`: cannot be said. */
  readonly at: number | null;
  readonly estimated: boolean;
  /** How long it took, or is thought to take; milliseconds. */
  readonly length: number;
}
export interface PauseRow {
  readonly kind: 'pause';
  readonly at: number;
  readonly length: number;
}

export interface Lane {
  readonly unitId: string;
  readonly unitName: string;
}

export type Section =
  | {
      readonly kind: 'phases';
      readonly lane: 0 | 1;
      readonly rows: readonly (PhaseRow | PauseRow)[];
      readonly carrier: 0 | 1;
    }
  | { readonly kind: 'failover'; readonly row: PhaseRow; readonly from: 0 | 1; readonly done: boolean };

export interface Rollout {
  /** The unit updated first, then its peer; one of them for a single unit. */
  readonly lanes: readonly Lane[];
  readonly sections: readonly Section[];
  /** When the last step is thought to end; `null` when it has ended or cannot be said. */
  readonly doneAt: number | null;
}

const pauseFrom = 20_000;

function rowState(entry: JournalEntry | null): RowState {
  switch (entry?.state) {
    case 'done':
    case 'skipped':
      return 'done';
    case 'running':
    case 'undoing':
      return 'now';
    case 'failed':
    case 'cancelled':
      return 'failed';
    case 'undone':
      return 'undone';
    default:
      return 'later';
  }
}

/** Lays out a rollout: phases in order, two lanes, the failover between them, estimates for what is to come. */
export function rolloutOf(
  plan: Plan,
  job: JobSummary,
  entryOf: (stepId: string) => JournalEntry | null,
  now: number,
): Rollout {
  const failover = plan.steps.find((step) => step.kind === 'updates.failover');
  const lanes = lanesOf(plan, failover);
  const ended = job.endedAt !== null;
  let cursor: number | null = job.startedAt;
  const rows = plan.steps.map((step): PhaseRow => {
    const entry = entryOf(step.id);
    const state = rowState(entry);
    const startedAt = entry?.startedAt ?? null;
    const at: number | null = startedAt ?? (ended ? null : cursor === null ? null : Math.max(cursor, now));
    const length = lengthOf(plan, step, entry, entryOf, now);
    cursor = at === null ? cursor : at + length;
    return { kind: 'phase', step, entry, state, at, estimated: startedAt === null, length };
  });
  return { lanes, sections: sectionsOf(rows, lanes, failover), doneAt: ended ? null : cursor };
}

/** What it took; for what is under way also what is left; else what the same phase took on the first unit. */
function lengthOf(
  plan: Plan,
  step: PlanStep,
  entry: JournalEntry | null,
  entryOf: (stepId: string) => JournalEntry | null,
  now: number,
): number {
  if (entry?.startedAt != null) {
    if (entry.endedAt !== null) return entry.endedAt - entry.startedAt;
    const gone = now - entry.startedAt;
    const { progress } = entry;
    const whole = progress?.total != null && progress.done >= progress.total;
    const left = whole ? null : progress?.remainingSeconds;
    return left == null ? Math.max(gone, step.estimateSeconds * 1000) : gone + left * 1000;
  }
  const twin = plan.steps.find((other) => other.kind === step.kind && other.id !== step.id);
  const told = twin === undefined ? null : entryOf(twin.id);
  if (told?.startedAt != null && told.endedAt !== null) return told.endedAt - told.startedAt;
  return step.estimateSeconds * 1000;
}

function lanesOf(plan: Plan, failover: PlanStep | undefined): readonly Lane[] {
  const first = plan.steps.find((step) => step.kind !== 'updates.failover');
  if (failover !== undefined) {
    const to = word(failover, 'toId');
    const from = word(failover, 'fromId');
    const left = first?.unitId === to || first === undefined || first.unitId === from ? to : (first.unitId ?? to);
    return [
      { unitId: left, unitName: word(failover, 'toName') },
      { unitId: from, unitName: word(failover, 'fromName') },
    ];
  }
  if (first === undefined) return [];
  const own = { unitId: first.unitId ?? '', unitName: first.unitName };
  const peerId = word(first, 'peerId');
  return peerId === '' ? [own] : [own, { unitId: peerId, unitName: word(first, 'peerName') }];
}

function word(step: PlanStep, key: string): string {
  const value = step.input[key];
  return typeof value === 'string' ? value : '';
}

function sectionsOf(
  rows: readonly PhaseRow[],
  lanes: readonly Lane[],
  failover: PlanStep | undefined,
): readonly Section[] {
  const sections: Section[] = [];
  let gathered: PhaseRow[] = [];
  let carrier: 0 | 1 = lanes.length < 2 ? 0 : 1;
  let previous: PhaseRow | undefined;
  const close = (next?: PhaseRow): void => {
    const [first] = gathered;
    if (first === undefined) return;
    const lane = first.step.unitId === lanes[1]?.unitId ? 1 : 0;
    const last = next === undefined ? null : pauseBefore(next, gathered.at(-1));
    const paused = withPauses(gathered, previous);
    sections.push({ kind: 'phases', lane, rows: last === null ? paused : [...paused, last], carrier });
    gathered = [];
  };
  for (const row of rows) {
    if (row.step.id !== failover?.id) {
      gathered.push(row);
      continue;
    }
    close(row);
    previous = row;
    sections.push({ kind: 'failover', row, from: carrier, done: row.state === 'done' });
    // What is to come is drawn as planned: after the failover the other unit carries the traffic.
    carrier = carrier === 1 ? 0 : 1;
  }
  close();
  return sections;
}

function withPauses(rows: readonly PhaseRow[], previous: PhaseRow | undefined): readonly (PhaseRow | PauseRow)[] {
  return rows.flatMap((row, index): (PhaseRow | PauseRow)[] => {
    const pause = pauseBefore(row, rows[index - 1] ?? previous);
    return pause === null ? [row] : [pause, row];
  });
}

function pauseBefore(row: PhaseRow, previous: PhaseRow | undefined): PauseRow | null {
  const at = previous?.entry?.endedAt;
  if (at == null || row.estimated || row.at === null || row.at - at < pauseFrom) return null;
  return { kind: 'pause', at, length: row.at - at };
}

/** What a row says beside its title: what was noted last, or what will happen. */
export function rowWord(row: PhaseRow): string {
  const note = row.entry?.notes.findLast((item) => !item.code && item.level === 'info');
  if (row.state === 'done' && row.entry?.state === 'skipped') return 'was so already';
  return (row.state === 'done' || row.state === 'now' ? note?.text : undefined) ?? row.step.sentence;
}
