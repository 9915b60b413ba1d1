import { z } from 'zod';
import { empty, errorShape, id, label, text, time } from './common';
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
});

export const drWire = z.strictObject({
  kind: z.literal('wire'),
  pairId: id,
  address: z.string(),
  verdict: z.enum(['only-active', 'server-answers', 'active-twice', 'nobody', 'unknown']),
  answers: z.array(z.strictObject({ mac: z.string(), owner: z.string().nullable() })),
  checkedAt: time.nullable(),
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

export const drItem = z.discriminatedUnion('kind', [drRow, drColumn, drCell, drWire, drFix]);

export const drHand = z.strictObject({ netsh: z.string(), powershell: z.string(), script: z.string() });

export type DrRow = z.infer<typeof drRow>;
export type DrColumn = z.infer<typeof drColumn>;
export type DrCell = z.infer<typeof drCell>;
export type DrWire = z.infer<typeof drWire>;
export type DrFix = z.infer<typeof drFix>;
export type DrItem = z.infer<typeof drItem>;

const servers = z.array(id).min(1).max(500);

export const directRoutingCalls = {
  'directRouting.matrix': query({
    about: 'The Direct Routing matrix: rows, columns, cells, who answers ARP, fixes with their undo.',
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
  'directRouting.plan': command({
    about: 'Draws up the fix of the servers named: steps, exact scripts, before and after.',
    input: z.strictObject({ windowsIds: servers }),
    output: plan,
    deadlineMs: 120_000,
  }),
  'directRouting.planUndo': command({
    about: 'Draws up the undo of the last fix of a server, from its snapshot.',
    input: z.strictObject({ windowsId: id }),
    output: plan,
    deadlineMs: 120_000,
  }),
  'directRouting.byHand': query({
    about: 'The same fix as lines to type by hand: netsh, PowerShell, and the full script.',
    input: z.strictObject({ windowsId: id }),
    output: drHand,
    deadlineMs: 60_000,
  }),
};

export const directRoutingStreams = {
  'directRouting.live': stream({
    about: 'The matrix: keys are row:<id>, column:<id>, cell:<row>|<column>, wire:<pair>|<address>, fix:<windows id>.',
    input: empty,
    item: drItem,
  }),
};
