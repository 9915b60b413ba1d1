import { z } from 'zod';
import { empty, label } from './common';
import { command, query, stream } from './define';

export const scenario = z.enum(['guide', 'two-sites']);

/** One of the scripts' operations, for example `addresses`. */
const operation = z.string().max(40).optional();
/** Practice seconds. */
const away = z.number().min(0).max(86_400).optional();

/** What can be made to go wrong on a practice unit. `clear` takes every fault of the unit away. */
export const practiceFault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('clear') }),
  z.strictObject({ kind: z.literal('refuse') }),
  z.strictObject({ kind: z.literal('delay'), milliseconds: z.number().int().min(1).max(600_000) }),
  z.strictObject({ kind: z.literal('cut'), afterBytes: z.number().int().nonnegative() }),
  z.strictObject({ kind: z.literal('wrong-credentials') }),
  z.strictObject({ kind: z.literal('changed-host-key') }),
  z.strictObject({ kind: z.literal('disk-full') }),
  z.strictObject({ kind: z.literal('damaged-upload') }),
  z.strictObject({ kind: z.literal('failing-check'), service: label, realServer: label }),
  z.strictObject({ kind: z.literal('slow-reboot'), seconds: z.number().min(1).max(3_600) }),
  // Windows servers only from here.
  z.strictObject({ kind: z.literal('winrm-off') }),
  z.strictObject({ kind: z.literal('certificate-changed') }),
  z.strictObject({ kind: z.literal('account-locked') }),
  z.strictObject({ kind: z.literal('filtered-token') }),
  z.strictObject({ kind: z.literal('shell-quota') }),
  z.strictObject({ kind: z.literal('language-mode') }),
  z.strictObject({ kind: z.literal('addtype-blocked') }),
  z.strictObject({ kind: z.literal('install-hangs') }),
  /** An address that is set turns out to be in use; all of them when none is named. */
  z.strictObject({ kind: z.literal('duplicate-address'), address: z.string().max(64).optional() }),
  /** Without an operation: each that sets something. */
  z.strictObject({ kind: z.literal('fail-operation'), operation }),
  z.strictObject({ kind: z.literal('hang-operation'), operation }),
  /** Once, when the operation begins, or now without one. The server works on; it is reached again after `seconds`. */
  z.strictObject({ kind: z.literal('link-lost'), operation, seconds: away }),
  /** Once, when the operation begins, or now without one: what is at work ends, scheduled tasks go on afterwards. */
  z.strictObject({ kind: z.literal('reboot'), operation, seconds: away }),
]);

const endpointLogin = { username: z.string(), password: z.string() };

/** Every endpoint, account and identity of the practice site, for any independent client. */
export const practiceEndpoints = z.strictObject({
  appliances: z.array(
    z.strictObject({
      name: label,
      ssh: z.strictObject({ host: z.string(), port: z.number(), ...endpointLogin, hostKeySha256: z.string() }),
      webui: z.strictObject({ url: z.string(), ...endpointLogin, certificateSha256: z.string() }),
      api: z.strictObject({ url: z.string(), ...endpointLogin, key: z.string() }),
    }),
  ),
  windows: z.array(
    z.strictObject({
      name: label,
      http: z.strictObject({ url: z.string() }),
      https: z.strictObject({ url: z.string(), certificateSha256: z.string() }),
      ...endpointLogin,
      domain: z.string(),
    }),
  ),
});

export const practiceStatus = z.strictObject({
  open: z.boolean(),
  scenario: scenario.nullable(),
  /** How many times faster than real time its clock runs. */
  speed: z.number().positive(),
  units: z.array(z.strictObject({ unitName: label, faults: z.array(practiceFault) })),
  /** Update archive and checksum that the practice site offers as if support had sent them. */
  archive: z.strictObject({ archive: z.string(), checksum: z.string() }).nullable(),
});

export type Scenario = z.infer<typeof scenario>;
export type PracticeFault = z.infer<typeof practiceFault>;
export type PracticeEndpoints = z.infer<typeof practiceEndpoints>;
export type PracticeStatus = z.infer<typeof practiceStatus>;

export const practiceCalls = {
  'practice.open': command({
    about: 'Starts the practice site and puts its units into the inventory. Refused while real units are there.',
    input: z.strictObject({
      scenario: scenario.default('guide'),
      seed: z.number().int().default(1),
      speed: z.number().min(1).max(1_000).default(1),
    }),
    output: practiceStatus,
    deadlineMs: 60_000,
  }),
  'practice.close': command({
    about: 'Stops the practice site and takes its units out of the inventory.',
    input: empty,
    output: empty,
    deadlineMs: 60_000,
  }),
  'practice.status': query({
    about: 'Is the practice site open, and with which faults?',
    input: empty,
    output: practiceStatus,
  }),
  'practice.endpoints': query({
    about: 'Every endpoint, account and identity of the practice site.',
    input: empty,
    output: practiceEndpoints,
  }),
  'practice.fault': command({
    about: 'Makes something go wrong on a practice unit, or clears it.',
    input: z.strictObject({ unitName: label, fault: practiceFault }),
    output: empty,
  }),
};

export const practiceStreams = {
  'practice.live': stream({
    about: 'The practice site under the key `practice`.',
    input: empty,
    item: practiceStatus,
  }),
};
