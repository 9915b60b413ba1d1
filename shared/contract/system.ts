import { z } from 'zod';
import { empty, id, label, text, time } from './common';
import { command, query, stream } from './define';

export const engineStatus = z.strictObject({
  version: z.string(),
  startedAt: time,
  dataFolder: z.string(),
  operator: label,
  secrets: z.enum(['ready', 'locked', 'unavailable']),
  appliances: z.strictObject({ total: z.number().int(), read: z.number().int() }),
  windows: z.strictObject({ total: z.number().int(), read: z.number().int() }),
  practice: z.boolean(),
  lastReadAt: time.nullable(),
  lastError: z.strictObject({ at: time, text, logId: z.string() }).nullable(),
});

export const auditEntry = z.strictObject({
  sequence: z.number().int().positive(),
  at: time,
  who: label,
  what: id,
  subject: text,
  details: z.record(z.string(), z.json()),
  /** SHA-256 over this entry and the hash before it, hex. */
  hash: z.string(),
});

export const auditVerdict = z.strictObject({
  intact: z.boolean(),
  entries: z.number().int(),
  head: z.string().nullable(),
  /** The first entry that does not fit. */
  brokenAt: z.number().int().nullable(),
});

export const settings = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']),
  motion: z.enum(['system', 'reduced']),
  operator: label,
  pollSeconds: z.number().int().min(5).max(3_600),
});

export type EngineStatus = z.infer<typeof engineStatus>;
export type AuditEntry = z.infer<typeof auditEntry>;
export type AuditVerdict = z.infer<typeof auditVerdict>;
export type Settings = z.infer<typeof settings>;

export const systemCalls = {
  'system.status': query({ about: 'What the engine is and does.', input: empty, output: engineStatus }),
  'system.settings': query({ about: 'The settings.', input: empty, output: settings }),
  'system.saveSettings': command({
    about: 'Changes settings; what is not named stays.',
    input: settings.partial(),
    output: settings,
  }),
  'system.unlock': command({
    about: 'Gives the passphrase of the stored secrets, where no keystore holds them.',
    input: z.strictObject({ passphrase: z.string().min(1).max(1_024) }),
    output: empty,
  }),
  'audit.list': query({
    about: 'The audit log, newest first.',
    input: z.strictObject({
      before: z.number().int().positive().nullable().default(null),
      limit: z.number().int().min(1).max(1_000).default(200),
      contains: z.string().max(200).default(''),
    }),
    output: z.array(auditEntry),
  }),
  'audit.verify': query({
    about: 'Computes the hash chain of the audit log again.',
    input: empty,
    output: auditVerdict,
    deadlineMs: 120_000,
  }),
};

export const systemStreams = {
  'system.live': stream({ about: 'The state of the engine under the key `engine`.', input: empty, item: engineStatus }),
  'audit.live': stream({ about: 'The newest 200 entries of the audit log.', input: empty, item: auditEntry }),
};
