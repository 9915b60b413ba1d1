import { z } from 'zod';
import { empty, id, label, text, time } from './common';
import { command, query, stream } from './define';
import { progress } from './jobs';
import { plan } from './plans';

export const archiveItem = z.strictObject({
  kind: z.literal('archive'),
  id,
  fileName: z.string(),
  /** From the name, for example `8.13.2`. */
  version: z.string(),
  /** From the archive's top folder. */
  innerVersion: z.string().nullable(),
  bytes: z.number().int().nonnegative(),
  sha256: z.string(),
  checksum: z.strictObject({ algorithm: z.enum(['md5', 'sha1', 'sha256', 'sha512']), value: z.string() }).nullable(),
  verdict: z.enum(['verified', 'damaged', 'no-checksum']),
  verdictText: text,
  addedBy: label,
  addedAt: time,
  usedByJob: z.number().int().nullable(),
  installedOn: z.array(label),
  practice: z.boolean(),
});

/** An archive on its way to the shelf. */
export const shelvingItem = z.strictObject({
  kind: z.literal('shelving'),
  id,
  fileName: z.string(),
  progress,
});

export const updateUnit = z.strictObject({
  kind: z.literal('unit'),
  id,
  name: label,
  pairId: id,
  pairName: label,
  role: z.enum(['primary', 'secondary', 'single']).nullable(),
  haState: z.enum(['active', 'passive']).nullable(),
  version: z.string().nullable(),
  notice: z.string().nullable(),
  licence: z.string().nullable(),
  readAt: time.nullable(),
  stale: z.boolean(),
  jobId: id.nullable(),
  order: z.number().int(),
});

export const updateItem = z.discriminatedUnion('kind', [archiveItem, shelvingItem, updateUnit]);

export type ArchiveItem = z.infer<typeof archiveItem>;
export type ShelvingItem = z.infer<typeof shelvingItem>;
export type UpdateUnit = z.infer<typeof updateUnit>;
export type UpdateItem = z.infer<typeof updateItem>;

const filePath = z.string().min(1).max(4_096);

export const updateCalls = {
  'updates.list': query({ about: 'The shelf and the units.', input: empty, output: z.array(updateItem) }),
  'updates.shelve': command({
    about:
      'Puts an archive on the shelf: copied, digested and checked in one pass. The checksum file may follow later.',
    input: z.strictObject({ archive: filePath, checksum: filePath.nullable() }),
    output: archiveItem,
    deadlineMs: 3_600_000,
  }),
  'updates.addChecksum': command({
    about: 'Gives an archive on the shelf its checksum file.',
    input: z.strictObject({ archiveId: id, checksum: filePath }),
    output: archiveItem,
  }),
  'updates.remove': command({
    about: 'Takes an archive off the shelf.',
    input: z.strictObject({ archiveId: id }),
    output: empty,
  }),
  'updates.plan': command({
    about: 'Draws up the offline update of a pair: passive unit first, one failover, the other unit second.',
    input: z.strictObject({ archiveId: id, pairId: id }),
    output: plan,
    deadlineMs: 120_000,
  }),
};

export const updateStreams = {
  'updates.live': stream({ about: 'The shelf and the units by id.', input: empty, item: updateItem }),
};
