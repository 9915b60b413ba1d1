import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { JobSummary, ProofLine } from '#shared/contract/jobs';
import type { Plan, PlanStep } from '#shared/contract/plans';
import { Audit } from '#engine/audit/index';
import { openDatabase, type Database } from '#engine/database/index';
import { Jobs, stepKind, type JobCatalogue, type StepContext, type StepKind } from '#engine/jobs/index';
import { silentLog } from '#engine/log/index';

/** What the steps of the tests change: a set of lamps that are on. */
export interface Lamps {
  readonly on: Set<string>;
  /** Everything that was done, in order. */
  readonly done: string[];
  /** What a lamp does instead of switching on. */
  readonly instead: Map<string, (context: StepContext) => Promise<'done' | 'skipped'>>;
  undoFails: string | null;
  readable: boolean;
  recheck: () => Promise<void>;
}

export function lamps(): Lamps {
  return {
    on: new Set(),
    done: [],
    instead: new Map(),
    undoFails: null,
    readable: true,
    recheck: () => Promise.resolve(),
  };
}

const lampInput = z.strictObject({ lamp: z.string() });

export function lampKind(world: Lamps, whenInterrupted: StepKind['whenInterrupted']): StepKind {
  return stepKind({
    kind: `lamp.${whenInterrupted}`,
    input: lampInput,
    whenInterrupted,
    inspect: (_context, { lamp }) => {
      if (!world.readable) return Promise.resolve('unknown');
      return Promise.resolve(world.on.has(lamp) ? 'done' : 'not-done');
    },
    run: async (context, { lamp }) => {
      const other = world.instead.get(lamp);
      if (other !== undefined) return other(context);
      await context.remember({ wasOn: world.on.has(lamp) });
      context.note(`switch ${lamp} on`, { code: true });
      world.on.add(lamp);
      world.done.push(`on ${lamp}`);
      return 'done';
    },
    undo: (context, { lamp }) => {
      if (world.undoFails === lamp) return Promise.reject(new Error('stuck'));
      if (context.recall()['wasOn'] !== true) world.on.delete(lamp);
      world.done.push(`off ${lamp}`);
      return Promise.resolve();
    },
  });
}

export function lampCatalogue(world: Lamps): JobCatalogue {
  return {
    steps: [lampKind(world, 'resume'), lampKind(world, 'undo'), lampKind(world, 'ask')],
    plans: [
      {
        kind: 'lamps',
        recheck: () => world.recheck(),
        prove: (plan) => Promise.resolve(plan.steps.map((step) => prove(world, step))),
      },
      {
        kind: 'lamps.lanes',
        onCancel: 'take-back-lane',
        recheck: () => world.recheck(),
        prove: (plan) => Promise.resolve(plan.steps.map((step) => prove(world, step))),
      },
    ],
  };
}

function prove(world: Lamps, step: PlanStep): ProofLine {
  const { lamp } = lampInput.parse(step.input);
  const held = world.readable ? world.on.has(lamp) : null;
  return { stepId: step.id, text: step.promise, held, seen: held === null ? 'could not be read' : String(held), at: 5 };
}

export interface PlanOptions {
  readonly id?: string;
  readonly lamps?: readonly string[];
  readonly kinds?: readonly StepKind['whenInterrupted'][];
  readonly onFailure?: Plan['onFailure'];
  readonly unitIds?: readonly string[];
  readonly confirmName?: string;
  readonly practice?: boolean;
}

export function lampPlan(options: PlanOptions = {}): Plan {
  const { lamps: names = ['red', 'green', 'blue'], kinds = [], unitIds = ['unit-1'] } = options;
  return {
    id: options.id ?? 'plan-1',
    kind: 'lamps',
    title: 'Lamps of lb-main-1',
    effect: 'The lamps light up. Nothing else changes.',
    drawnUpAt: 1_763_780_000_000,
    unitIds: [...unitIds],
    steps: names.map((lamp, index) => ({
      id: `step-${lamp}`,
      kind: `lamp.${kinds[index] ?? 'resume'}`,
      unitId: unitIds[0] ?? null,
      unitName: 'lb-main-1',
      title: `Light ${lamp}`,
      sentence: `The ${lamp} lamp is switched on.`,
      action: { via: 'ssh', kind: 'command', text: `lamp --on ${lamp}` },
      expect: `${lamp} is on`,
      promise: `${lamp} is on.`,
      risk: 'low',
      riskNote: null,
      estimateSeconds: 1,
      undo: `${lamp} is switched off again`,
      lane: 'lb-main-1',
      input: { lamp },
    })),
    changes: [{ unitName: 'lb-main-1', item: 'lamp red', before: 'off', after: 'on', changed: true }],
    warnings: [],
    onFailure: options.onFailure ?? 'undo',
    confirmName: options.confirmName ?? null,
    basis: {},
    practice: options.practice ?? false,
  };
}

export interface Bench {
  readonly folder: string;
  readonly database: Database;
  readonly audit: Audit;
  readonly jobs: Jobs;
  readonly notes: string[];
  start(plan: Plan, more?: { readonly confirmName?: string; readonly reason?: string }): Promise<string>;
  ended(jobId: string): Promise<JobSummary>;
  close(): Promise<void>;
}

export async function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'evenkeel-jobs-'));
}

/** Jobs over a database in the folder; opening it again is the engine's next start. */
export async function openBench(folder: string, catalogue: JobCatalogue, now?: () => number): Promise<Bench> {
  const database = await openDatabase({ file: join(folder, 'evenkeel.db') });
  const audit = new Audit(database, now ?? Date.now);
  await audit.load();
  const notes: string[] = [];
  const jobs = new Jobs({
    database,
    audit,
    desktop: { notify: (note) => notes.push(note.title) },
    log: silentLog(),
    recordFolder: join(folder, 'records'),
    version: '0.9.0',
    ...(now !== undefined && { now }),
  });
  jobs.register(catalogue);
  await jobs.resume();
  return {
    folder,
    database,
    audit,
    jobs,
    notes,
    start: async (plan, more = {}) => {
      await jobs.plans.keep(plan);
      const { confirmName = null, reason = 'planned maintenance' } = more;
      const { jobId } = await jobs.start({ planId: plan.id, reason, ticket: 'CHG-1', confirmName, by: 'jokafor' });
      return jobId;
    },
    ended: (jobId) => jobs.wait(jobId, AbortSignal.timeout(10_000)),
    close: async () => {
      await jobs.close();
      await database.close();
    },
  };
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
