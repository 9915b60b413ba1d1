import { z } from 'zod';
import { empty, errorShape, id, label, text, time } from './common';
import { command, query, stream } from './define';
import { plan } from './plans';

/**
 * queued → running → succeeded | failed | cancelled; `waiting` asks a person; `undoing` takes back what was done;
 * `undone`: failed or cancelled, and everything was taken back.
 */
export const jobStates = [
  'queued',
  'running',
  'waiting',
  'undoing',
  'succeeded',
  'failed',
  'cancelled',
  'undone',
] as const;

export const progress = z.strictObject({
  done: z.number().nonnegative(),
  total: z.number().nonnegative().nullable(),
  unit: z.enum(['bytes', 'items', 'seconds', 'percent']),
  /** `unit` a second. */
  rate: z.number().nonnegative().nullable(),
  remainingSeconds: z.number().nonnegative().nullable(),
});

export const jobSummary = z.strictObject({
  id,
  /** The number people say: job 412. */
  number: z.number().int().positive(),
  kind: id,
  title: text,
  state: z.enum(jobStates),
  by: label,
  reason: text,
  ticket: text.nullable(),
  practice: z.boolean(),
  unitIds: z.array(id),
  unitNames: z.array(label),
  createdAt: time,
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  stepsDone: z.number().int().nonnegative(),
  stepsTotal: z.number().int().nonnegative(),
  /** Title of the step under way. */
  currentStep: text.nullable(),
  progress: progress.nullable(),
  /** All promises held, some did not, or it was not proved (yet). */
  verdict: z.enum(['proved', 'not-proved', 'pending']),
  error: errorShape.nullable(),
  /** What may be chosen while `waiting`. */
  choices: z.array(z.enum(['resume', 'undo', 'stop'])),
});

export const journalState = z.enum([
  'pending',
  'running',
  'done',
  'skipped',
  'failed',
  'cancelled',
  'undoing',
  'undone',
]);

export const journalNote = z.strictObject({
  at: time,
  level: z.enum(['info', 'warning', 'error']),
  text,
  /** True for commands and other machine text, shown in the mono face. */
  code: z.boolean(),
});

export const journalEntry = z.strictObject({
  stepId: id,
  state: journalState,
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  progress: progress.nullable(),
  notes: z.array(journalNote).max(500),
  error: errorShape.nullable(),
});

export const proofLine = z.strictObject({
  stepId: id.nullable(),
  text,
  /** `null`: could not be read. It never counts as held. */
  held: z.boolean().nullable(),
  seen: text,
  at: time,
});

export const jobDetail = z.strictObject({
  job: jobSummary,
  plan,
  journal: z.array(journalEntry),
  proof: z.array(proofLine),
  provedAt: time.nullable(),
  recordSha256: z.string().nullable(),
  auditHead: z.string().nullable(),
});

export type JobState = (typeof jobStates)[number];
export type Progress = z.infer<typeof progress>;
export type JobSummary = z.infer<typeof jobSummary>;
export type JournalState = z.infer<typeof journalState>;
export type JournalNote = z.infer<typeof journalNote>;
export type JournalEntry = z.infer<typeof journalEntry>;
export type ProofLine = z.infer<typeof proofLine>;
export type JobDetail = z.infer<typeof jobDetail>;

/** The items of the stream of one job. */
export const jobItem = z.discriminatedUnion('item', [
  z.strictObject({ item: z.literal('job'), job: jobSummary }),
  z.strictObject({ item: z.literal('plan'), plan }),
  z.strictObject({ item: z.literal('entry'), entry: journalEntry }),
  z.strictObject({ item: z.literal('proof'), index: z.number().int(), line: proofLine }),
]);
export type JobItem = z.infer<typeof jobItem>;

export const jobCalls = {
  'jobs.start': command({
    about: 'Starts the job of a plan that was drawn up.',
    input: z.strictObject({
      planId: id,
      reason: z.string().trim().min(1).max(500),
      ticket: z.string().max(120).nullable(),
      /** The name typed, where the plan asks for one. */
      confirmName: z.string().max(120).nullable(),
    }),
    output: z.strictObject({ jobId: id, number: z.number().int() }),
  }),
  'jobs.cancel': command({
    about: 'Cancels a job after the step under way; steps that can be interrupted stop at once.',
    input: z.strictObject({ jobId: id }),
    output: empty,
  }),
  'jobs.decide': command({
    about: 'Answers a job that waits for a person: resume, undo or stop.',
    input: z.strictObject({ jobId: id, choice: z.enum(['resume', 'undo', 'stop']) }),
    output: empty,
  }),
  'jobs.list': query({
    about: 'Lists the jobs, newest first.',
    input: z.strictObject({ limit: z.number().int().min(1).max(1_000).default(200) }),
    output: z.array(jobSummary),
  }),
  'jobs.get': query({
    about: 'One job with plan, journal and proof.',
    input: z.strictObject({ jobId: id }),
    output: jobDetail,
  }),
  'jobs.wait': query({
    about: 'Answers when a job has ended or waits for a person.',
    input: z.strictObject({ jobId: id }),
    output: jobSummary,
    deadlineMs: 4 * 3_600_000,
  }),
  'jobs.record': query({
    about: 'The change record of a job: one HTML file that opens anywhere.',
    input: z.strictObject({ jobId: id }),
    output: z.strictObject({ fileName: z.string(), html: z.string(), sha256: z.string() }),
  }),
  'plans.get': query({
    about: 'A plan that was drawn up.',
    input: z.strictObject({ planId: id }),
    output: plan,
  }),
};

export const jobStreams = {
  'jobs.live': stream({
    about: 'All jobs by id.',
    input: empty,
    item: jobSummary,
  }),
  'jobs.detail': stream({
    about: 'One job as it runs: the keys are job, plan, entry:<step id> and proof:<index>.',
    input: z.strictObject({ jobId: id }),
    item: jobItem,
  }),
};
