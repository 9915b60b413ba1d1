import { z } from 'zod';
import { id, label, text, time } from './common';

/** What a step will send, word for word. `read` and `wait` send nothing that changes anything. */
export const planAction = z.strictObject({
  via: z.enum(['ssh', 'api', 'webui', 'winrm', 'local']),
  kind: z.enum(['command', 'request', 'script', 'upload', 'read', 'wait']),
  /** The exact command line, request or script; secrets are never part of it. */
  text: z.string().max(200_000),
});

export const planStep = z.strictObject({
  id,
  /** Names the step kind that runs it, for example `appliance.drain`. */
  kind: id,
  /** The unit it touches; `null` for this computer. */
  unitId: id.nullable(),
  unitName: label,
  /** The verb or phase, for example `Drain`. */
  title: label,
  /** One plain sentence: what happens. */
  sentence: text,
  action: planAction,
  /** What it is expected to change. */
  expect: text,
  /** What the proof will compare, as a sentence that can hold or not. */
  promise: text,
  risk: z.enum(['none', 'low', 'some', 'high']),
  riskNote: text.nullable(),
  estimateSeconds: z.number().nonnegative(),
  /** How it is undone; `null` when it changes nothing or cannot be undone. */
  undo: text.nullable(),
  /** The lane it is drawn in: steps of one lane run one after the other. */
  lane: id,
  /** What the step kind needs; checked by its own schema. Never a secret. */
  input: z.record(z.string(), z.json()),
});

/** A value before and after, as the plan shows it. */
export const planChange = z.strictObject({
  unitName: label,
  item: text,
  before: text,
  after: text,
  changed: z.boolean(),
});

/**
 * Lanes that run beside each other; the steps of one lane run one after the other. A lane that fails takes itself back.
 * In a plan without this every step runs after the one before it.
 */
export const planLanes = z.strictObject({
  /** At most so many lanes at a time. */
  width: z.number().int().min(1).max(16),
  /** After a lane has failed those under way come to their end; `stop` begins no other, `go-on` begins the rest. */
  onFailure: z.enum(['stop', 'go-on']),
  /** In the order in which they begin. Two lanes with a key in common never run at the same time. */
  items: z
    .array(z.strictObject({ id, excludes: z.array(text).max(200) }))
    .min(1)
    .max(500),
});

export const plan = z.strictObject({
  id,
  /** Which capability drew it up and proves it, for example `directRouting.fix`. */
  kind: id,
  /** For example `Direct Routing fix on ICA-APP02`. */
  title: text,
  /** What is at stake and what carries on, in one or two sentences. */
  effect: text,
  drawnUpAt: time,
  /** Units locked while it runs. */
  // Room for a Direct Routing fix of 500 servers.
  unitIds: z.array(id).min(1).max(1_200),
  steps: z.array(planStep).min(1).max(10_000),
  changes: z.array(planChange).max(20_000),
  warnings: z.array(text).max(200),
  /** `undo`: a failed step undoes what was done, in reverse. `stop`: it stops there and asks. */
  onFailure: z.enum(['undo', 'stop']),
  lanes: planLanes.optional(),
  /** Typed by the person before it may start, when it reaches a whole pair. */
  confirmName: label.nullable(),
  /** Facts read when it was drawn up; compared again before the first step. */
  basis: z.record(z.string(), z.json()),
  practice: z.boolean(),
});

export type PlanAction = z.infer<typeof planAction>;
export type PlanStep = z.infer<typeof planStep>;
export type PlanChange = z.infer<typeof planChange>;
export type PlanLanes = z.infer<typeof planLanes>;
export type Plan = z.infer<typeof plan>;
