import { z } from 'zod';

/** Why a script gave up. The server's own text goes with it; this is what code switches on. */
export const scriptFailures = [
  'bad_input',
  'not_administrator',
  'not_64_bit',
  'language_mode',
  'adapter_not_found',
  'adapter_ambiguous',
  'interface_missing',
  'not_a_loopback',
  'address_conflict',
  'address_not_preferred',
  'install_failed',
  'add_type_blocked',
  'install_timeout',
  'dead_man_fired',
  'dead_man_armed',
  'failed',
] as const;
export type ScriptFailure = (typeof scriptFailures)[number];

const fact = z.union([z.string().max(20_000), z.number(), z.boolean(), z.null()]);

/**
 * One line of a script's output. Every line is one of these; `done` is the last one of a script that went well, so
 * that cut output is never taken for success.
 */
export const scriptEvent = z.discriminatedUnion('event', [
  z.strictObject({ event: z.literal('begin'), operation: z.string().max(40) }),
  z.strictObject({ event: z.literal('note'), operation: z.string().max(40), text: z.string().max(20_000) }),
  /** `state` is checked against its own schema afterwards. */
  z.strictObject({ event: z.literal('state'), state: z.unknown() }),
  z.strictObject({
    event: z.literal('result'),
    operation: z.string().max(40),
    /** What changed, one short text each; empty when all was as wanted. */
    changed: z.array(z.string().max(2_000)).max(2_000),
    facts: z.record(z.string().max(60), fact),
  }),
  z.strictObject({
    event: z.literal('error'),
    operation: z.string().max(40),
    code: z.enum(scriptFailures),
    message: z.string().max(20_000),
    line: z.number().int().nullable(),
  }),
  z.strictObject({ event: z.literal('done') }),
]);
export type ScriptEvent = z.infer<typeof scriptEvent>;
export type ScriptResult = Extract<ScriptEvent, { event: 'result' }>;
