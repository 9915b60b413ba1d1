import type { z } from 'zod';
import type { Plan, PlanStep } from '#shared/contract/plans';
import type { JournalEntry, Progress, ProofLine } from '#shared/contract/jobs';

/** Small JSON that a step leaves in the journal, so that it can be resumed or undone after a crash. Never a secret. */
export type Memory = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** What a running step may do besides its own work. */
export interface StepContext {
  readonly jobId: string;
  readonly plan: Plan;
  readonly step: PlanStep;
  /** Aborts when the job is cancelled or the engine stops. */
  readonly signal: AbortSignal;
  /** A line of the journal. `code` marks commands and other machine text. */
  note(text: string, options?: { readonly level?: 'info' | 'warning'; readonly code?: boolean }): void;
  progress(progress: Progress): void;
  /** Writes to the journal durably before it returns: what resuming or undoing will need. Merged into what is there. */
  remember(memory: Memory): Promise<void>;
  /** What was remembered by this step, also before a crash. */
  recall(): Memory;
  /** What another step of the same job remembered. */
  recallOf(stepId: string): Memory;
  /** Milliseconds since 1970. */
  now(): number;
}

/**
 * How one kind of step runs. After a crash in the middle of a step the runner first asks `inspect`; with no answer to
 * be had it follows `whenInterrupted`.
 */
export interface StepKind<I = unknown> {
  /** For example `appliance.drain`. */
  readonly kind: string;
  readonly input: z.ZodType<I>;
  /** `resume`: safe to run again. `undo`: take the job back. `ask`: only a person can tell. */
  readonly whenInterrupted: 'resume' | 'undo' | 'ask';
  /** Does the step's effect stand already? `unknown` when it cannot be read. Reads only. */
  inspect(context: StepContext, input: I): Promise<'done' | 'not-done' | 'unknown'>;
  /** Does the work. Must be safe to run again when it was interrupted, if `whenInterrupted` is `resume`. */
  run(context: StepContext, input: I): Promise<'done' | 'skipped'>;
  /** Takes the effect back, from what was remembered; `null` where there is nothing to take back. */
  readonly undo: ((context: StepContext, input: I) => Promise<void>) | null;
}

/** What belongs to a kind of plan as a whole, for example `directRouting.fix`. */
export interface PlanKind {
  readonly kind: string;
  /** Is what the plan was drawn up from still true? Throws `plan_outdated` or `stale_reading` when not. */
  recheck(plan: Plan, signal: AbortSignal): Promise<void>;
  /** Reads again and compares with what each step promised. */
  prove(plan: Plan, journal: readonly JournalEntry[], signal: AbortSignal): Promise<readonly ProofLine[]>;
  /**
   * What a cancel does under a plan that stops at failures. `keep`, the default: what was done stays. `take-back-lane`:
   * lanes that were begun and not finished are taken back, so that no unit is left in the middle; finished ones stay.
   */
  readonly onCancel?: 'keep' | 'take-back-lane';
  /** Told once a job of this kind has ended, however it ended. */
  ended?(plan: Plan, outcome: JobOutcome): Promise<void>;
}

export interface JobOutcome {
  readonly jobId: string;
  readonly number: number;
  readonly by: string;
  readonly state: 'succeeded' | 'failed' | 'cancelled' | 'undone';
  readonly proved: boolean;
  readonly endedAt: number;
  /** What was read again, of the whole plan or of the lanes that came to their end. */
  readonly proof: readonly ProofLine[];
}

/** The catalogue a capability hands to the jobs: every kind of step and plan it knows to run. */
export interface JobCatalogue {
  readonly steps: readonly StepKind[];
  readonly plans: readonly PlanKind[];
}

/** Checks a step kind's input type once, so that a catalogue can hold kinds of different inputs. */
export function stepKind<I>(kind: StepKind<I>): StepKind {
  return {
    kind: kind.kind,
    input: kind.input,
    whenInterrupted: kind.whenInterrupted,
    inspect: (context, input) => kind.inspect(context, kind.input.parse(input)),
    run: (context, input) => kind.run(context, kind.input.parse(input)),
    undo: kind.undo === null ? null : takeBack(kind, kind.undo),
  };
}

function takeBack<I>(kind: StepKind<I>, undo: NonNullable<StepKind<I>['undo']>): NonNullable<StepKind['undo']> {
  return (context, input) => undo(context, kind.input.parse(input));
}
