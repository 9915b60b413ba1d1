import { expect } from 'vitest';
import type { JobDetail, JobSummary } from '#shared/contract/jobs';
import { errorTexts, type ErrorCode, type ErrorShape } from '#shared/errors';
import { beforeFix, type Incidents, type Title } from './direct-routing-incidents';

/** What becomes of the job when the server goes away at a step and stays away. */
export interface Outcome {
  readonly step: Title;
  /** `waiting`: only a person can go on, and the server takes back by itself. */
  readonly state: 'undone' | 'waiting' | 'succeeded';
  /** The step that the job's error names. */
  readonly told: string | null;
  /** The step that failed first. */
  readonly failed: Title | null;
}

const change = (step: Title): Outcome => ({ step, state: 'waiting', told: `Undo: ${step}`, failed: step });

export const outcomes: readonly Outcome[] = [
  // Nothing of it is asked of the server: it is missed at the snapshot, before anything was changed.
  ...(['Guard', 'Drain', 'Snapshot'] as const).map((step): Outcome => ({
    step,
    state: 'undone',
    told: 'Snapshot',
    failed: 'Snapshot',
  })),
  ...(['Arm', 'Install', 'Bindings', 'Interface', 'Address', 'Firewall', 'LAN'] as const).map(change),
  { step: 'Verify', state: 'waiting', told: 'Undo: LAN', failed: 'Verify' },
  // The appliance is asked; the server is missed at the confirmation.
  { step: 'Wire', state: 'waiting', told: 'Undo: LAN', failed: 'Confirm' },
  { step: 'Confirm', state: 'waiting', told: 'Undo: LAN', failed: 'Confirm' },
  // It was proved and confirmed: it stays, and the proof says what cannot be read again.
  { step: 'Online', state: 'succeeded', told: null, failed: null },
];

export const inService = [true, true, true, true];
/** The server is out in both of its services. */
export const outOfService = [true, false, true, false];

/** By a client of its own: network and firewall as before the job, in service as told, and nothing that could strike later. */
export async function expectAsBefore(bench: Incidents, carries: readonly boolean[] = inService): Promise<void> {
  const { adapters, firewall } = beforeFix();
  expect(await bench.seenByAnother()).toEqual({ adapters, firewall, inService: carries });
  expect(bench.machine.deadMen.filter((item) => item.fired === null)).toEqual([]);
}

/** The same for a fix that is whole, and stays. */
export async function expectComplete(bench: Incidents, carries: readonly boolean[] = inService): Promise<void> {
  const seen = await bench.seenByAnother();
  expect(seen.inService).toEqual(carries);
  expect(seen.adapters.map(({ ipv4 }) => ipv4?.weakHostReceive)).toEqual([true, true]);
  expect(seen.adapters[1]?.addresses).toMatchObject([{ address: '192.168.100.100', state: 'Preferred' }]);
  expect(seen.firewall.allowRules.flatMap(({ localPorts }) => localPorts)).toEqual(
    expect.arrayContaining(['80', '443', '4444']),
  );
  expect(bench.machine.deadMen).toEqual([]);
}

/** Which unit, which step, what was left as it was; the text is the code's own. */
export function expectNamed(error: ErrorShape | null, code: ErrorCode, step: string, unit = 'ICA-APP02'): void {
  expect(error).toMatchObject({ code, message: errorTexts[code], details: { unit, step } });
  expect(error?.details.unchanged).toMatch(/\w/);
}

/** The job as its table has it; the step that failed is told in the journal too. */
export async function expectOutcome(bench: Incidents, job: JobSummary, row: Outcome, code: ErrorCode): Promise<void> {
  expect(job.state).toBe(row.state);
  if (row.told === null || row.failed === null) {
    expect(job).toMatchObject({ verdict: 'not-proved', error: null });
    const { proof } = await bench.detail(job);
    expect(proof.filter(({ held }) => held === null).map(({ seen }) => seen)).toContain('the server could not be read');
    expect(proof.filter(({ held }) => held === false)).toEqual([]);
    return;
  }
  expectNamed(job.error, code, row.told);
  const { journal, plan } = await bench.detail(job);
  const failed = plan.steps.find(({ title }) => title === row.failed)?.id;
  expect(journal.find(({ stepId }) => stepId === failed)?.error).toMatchObject({ code });
}

/** The person is told when the server restores itself, and that is when it does. */
export function expectTimeTold({ error }: JobSummary, asked: boolean, dueAt: number | undefined): void {
  const { restoresAt, advice } = error?.details ?? {};
  expect(advice).toMatch(/server takes everything back by itself at \d\d:\d\d \S+, also without a link\. Undo again/);
  expect(String(advice).startsWith('Unless the confirmation reached it')).toBe(asked);
  if (dueAt === undefined) return;
  const minute = (at: number) =>
    new Intl.DateTimeFormat('en-GB', {
      ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZoneName: 'short' },
    } as const).format(at);
  // Asked to begin anew without an answer, it is told for the later of the two: a moment later here.
  expect([minute(dueAt), minute(dueAt + 10_000)]).toContain(restoresAt);
}

export const notes = ({ journal }: JobDetail): readonly string[] =>
  journal.flatMap((entry) => entry.notes.map((note) => note.text));
