import { z } from 'zod';
import { empty, errorShape, id, label, port, text, time } from './common';
import { command, query, stream } from './define';
import { plan } from './plans';

export const drRow = z.strictObject({
  kind: z.literal('row'),
  id,
  windowsId: id.nullable(),
  pairId: id,
  pairName: label,
  siteName: label,
  name: label,
  address: z.string(),
  /** Its labels on the appliance, for example ICA_WEB2, ICA_DICOM2. */
  labels: z.array(label),
  readAt: time.nullable(),
  stale: z.boolean(),
  error: errorShape.nullable(),
  /** Does it answer ARP for an address that only the appliance may answer for? */
  wire: z.enum(['silent', 'answers', 'unknown']),
  wireCheckedAt: time.nullable(),
  needsFix: z.boolean(),
  jobId: id.nullable(),
  order: z.number().int(),
});

export const drColumn = z.strictObject({
  kind: z.literal('column'),
  id,
  pairId: id,
  serviceName: label,
  address: z.string(),
  ports: z.string(),
  protocol: z.string().nullable(),
  order: z.number().int(),
});

export const drCell = z.strictObject({
  kind: z.literal('cell'),
  rowId: id,
  columnId: id,
  applianceState: z.enum(['in', 'out', 'drained', 'halted', 'unknown']),
  /** For example `in, weight 100` or `out, refused`. */
  applianceWord: label,
  server: z.enum(['proved', 'fix-missing', 'unknown']),
  /** For example `no address`. */
  serverWord: label,
  /** Every item that differs, for the inspector. */
  reasons: z.array(z.strictObject({ code: id, text })),
  /** When the older of both truths was read; `null` while one of them never was. */
  asOf: time.nullable(),
  /** What clients saw when they were last played, directly and through the VIP; `unknown`: not played, or too long ago. */
  client: z.enum(['ok', 'failed', 'unknown']),
});

const wireAnswers = z.array(z.strictObject({ mac: z.string(), owner: z.string().nullable() }));

export const drWire = z.strictObject({
  kind: z.literal('wire'),
  pairId: id,
  address: z.string(),
  verdict: z.enum(['only-active', 'server-answers', 'active-twice', 'nobody', 'unknown']),
  /** Every MAC that answered. */
  answers: wireAnswers,
  checkedAt: time.nullable(),
  /** Who asked; `null` while nobody has. */
  from: z.enum(['appliance', 'this-computer']).nullable(),
  /** What answered before it was what answers now, where anything else did. */
  before: z.strictObject({ answers: wireAnswers, checkedAt: time }).optional(),
});

/** What a client sees at one port of a service: through the virtual address, or at one server's own address. */
export const drClient = z.strictObject({
  kind: z.literal('client'),
  pairId: id,
  serviceName: label,
  /** The address that was connected to. */
  address: z.string(),
  port,
  /** `vip`: through the appliance, which chooses the server; an answer does not tell which one it was. */
  via: z.enum(['vip', 'server']),
  /** The row of the server asked; `null` through the VIP. */
  rowId: id.nullable(),
  probe: z.enum(['tcp', 'http', 'https', 'dicom']),
  /** `rejected`: understood and refused, for example an association. `not-understood`: no answer of that protocol. */
  outcome: z.enum(['ok', 'refused', 'timeout', 'unreachable', 'reset', 'rejected', 'not-understood']),
  /** Short, for example `C-ECHO ok`, `refused`, `200`. */
  word: label,
  /** From the first packet to the whole answer; `null` where there was none. */
  ms: z.number().nonnegative().nullable(),
  /** As shown by the peer; its chain is not verified. */
  certificate: z
    .strictObject({
      /** Lower-case hex. */
      sha256: z.string(),
      subject: z.string(),
      issuer: z.string(),
      notAfter: time,
    })
    .nullable(),
  detail: text.nullable(),
  checkedAt: time,
});

export const drFix = z.strictObject({
  kind: z.literal('fix'),
  id,
  windowsId: id,
  name: label,
  jobId: id,
  jobNumber: z.number().int(),
  by: label,
  at: time,
  proved: z.boolean(),
  undo: z.enum(['offered', 'changed-since', 'undone', 'superseded']),
});

export const drItem = z.discriminatedUnion('kind', [drRow, drColumn, drCell, drWire, drClient, drFix]);

export const drHand = z.strictObject({
  netsh: z.string(),
  powershell: z.string(),
  script: z.string(),
  /** What takes the same change back, from the state before it. */
  undo: z.strictObject({ netsh: z.string(), powershell: z.string() }),
});

export type DrRow = z.infer<typeof drRow>;
export type DrColumn = z.infer<typeof drColumn>;
export type DrCell = z.infer<typeof drCell>;
export type DrWire = z.infer<typeof drWire>;
export type DrClient = z.infer<typeof drClient>;
export type DrFix = z.infer<typeof drFix>;
export type DrItem = z.infer<typeof drItem>;

const servers = z.array(id).min(1).max(500);
/** An application entity title: up to 16 characters, no backslash, not only spaces (DICOM PS3.5, AE). */
const aeTitle = z.string().regex(/^(?=.*[^ ])[ -[\]-~]{1,16}$/, 'is not an application entity title');

/** How a fix or an undo is carried out, as the person who asks for it chose. Everything has a default. */
export const drOptions = z.strictObject({
  /** How long existing connections may go on after a drain; `null`: as the engine is set. */
  drainSeconds: z.number().int().min(0).max(3_600).nullable().default(null),
  /** What becomes of a server whose connections go on after that: it is changed all the same, or left as it was. */
  whenTimeIsUp: z.enum(['go-on', 'stop']).default('go-on'),
  /** After this many minutes without a confirmation the server restores itself. */
  revertMinutes: z.number().int().min(5).max(240).default(15),
  /** Servers of one service may be changed at the same time. */
  together: z.boolean().default(false),
  /** After a server has failed: the others do not begin, or they do. */
  onFailure: z.enum(['stop', 'go-on']).default('stop'),
  /** Takes addresses off the loopback adapter that no service holds any more. */
  removeStale: z.boolean().default(false),
  /** Opens the Windows firewall for the ports of the services where it is closed. */
  firewall: z.boolean().default(false),
  /** Prefix of IPv6 addresses on the loopback adapter: /128, or that of the network. */
  ipv6Prefix: z.enum(['host', 'network']).default('host'),
});

export type DrOptions = z.infer<typeof drOptions>;

export const directRoutingCalls = {
  'directRouting.matrix': query({
    about: 'The Direct Routing matrix: rows, columns, cells, who answers ARP, what clients see, fixes with their undo.',
    input: empty,
    output: z.array(drItem),
  }),
  'directRouting.read': command({
    about: 'Reads Windows servers again and asks the wire; all of them when none is named.',
    input: z.strictObject({ windowsIds: z.array(id).max(500).default([]) }),
    output: z.strictObject({
      read: z.number().int(),
      failed: z.array(z.strictObject({ unitId: id, error: errorShape })),
    }),
    deadlineMs: 300_000,
  }),
  'directRouting.proveClient': command({
    about: 'Connects as a client would: to each service through its virtual address, and to each server directly.',
    input: z.strictObject({
      pairId: id,
      /** All services of the pair when none is named. */
      serviceNames: z.array(label).max(500).default([]),
      called: aeTitle.default('ANY-SCP'),
      calling: aeTitle.default('EVENKEEL'),
    }),
    output: z.array(drClient),
    deadlineMs: 120_000,
  }),
  'directRouting.plan': command({
    about: 'Draws up the fix of the servers named: steps, exact scripts, before and after.',
    input: z.strictObject({ windowsIds: servers, options: drOptions.prefault({}) }),
    output: plan,
    deadlineMs: 120_000,
  }),
  'directRouting.planUndo': command({
    about: 'Draws up the undo of the last fix of a server, from its snapshot.',
    input: z.strictObject({ windowsId: id, options: drOptions.prefault({}) }),
    output: plan,
    deadlineMs: 120_000,
  }),
  'directRouting.byHand': query({
    about: 'The same fix, with the same options, as lines to type by hand: netsh, PowerShell, and the full script.',
    input: z.strictObject({ windowsId: id, options: drOptions.prefault({}) }),
    output: drHand,
    deadlineMs: 60_000,
  }),
};

export const directRoutingStreams = {
  'directRouting.live': stream({
    about:
      'The matrix: keys are row:<id>, column:<id>, cell:<row>|<column>, wire:<pair>|<address>, ' +
      'client:<pair>|<service>|<port>|<via>|<row or vip>, fix:<windows id>.',
    input: empty,
    item: drItem,
  }),
};
