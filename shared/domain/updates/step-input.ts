import { z } from 'zod';
import { checksumAlgorithms } from './checksum-file';

/** What every step on a unit needs to know; kept in the plan, so it never holds a secret. */
export const unitStepInput = z.strictObject({
  unitId: z.string(),
  unitName: z.string(),
  /** The unit that carries the traffic meanwhile; `null` for a single unit. */
  peerId: z.string().nullable(),
  peerName: z.string().nullable(),
  archiveId: z.string(),
  fileName: z.string(),
  /** Installed when the plan was drawn up, and afterwards; by the three numbers. */
  fromVersion: z.string(),
  toVersion: z.string(),
  bytes: z.number().int().nonnegative(),
  sha256: z.string(),
  checksum: z.strictObject({ algorithm: z.enum(checksumAlgorithms), value: z.string() }),
  /** Where the archive waits on the unit; `null` where there is no SSH to put it there. */
  stagedPath: z.string().nullable(),
});
export type UnitStepInput = z.infer<typeof unitStepInput>;

export const failoverInput = z.strictObject({
  fromId: z.string(),
  fromName: z.string(),
  toId: z.string(),
  toName: z.string(),
  addresses: z.array(z.string()),
});
export type FailoverInput = z.infer<typeof failoverInput>;

/** The phases of one unit, in order. */
export const phases = ['readiness', 'backup', 'upload', 'digest', 'install', 'prompts', 'health', 'compare'] as const;
export type Phase = (typeof phases)[number];

/** The id of a unit's phase within its plan; steps find each other's memory by it. */
export function phaseStepId(unitId: string, phase: Phase): string {
  return `${unitId}:${phase}`;
}
