import { createHash } from 'node:crypto';
import { EvenkeelError } from '#shared/errors';
import type { Where } from '../deadline';

/** A host key as it was shown: algorithm as in the key itself, SHA-256 as OpenSSH prints it without `SHA256:`. */
export interface HostKey {
  readonly algorithm: string;
  readonly sha256: string;
}

/** Reads a public key blob (RFC 4253 section 6.6: its first string is the algorithm). */
export function describeHostKey(blob: Buffer): HostKey {
  const length = blob.length >= 4 ? blob.readUInt32BE(0) : 0;
  const algorithm =
    length > 0 && length <= 64 && length + 4 <= blob.length ? blob.toString('latin1', 4, 4 + length) : '';
  return { algorithm, sha256: createHash('sha256').update(blob).digest('base64').replace(/=+$/, '') };
}

/** The error of a host key that is not the pinned one; `null` when it is. */
export function checkHostKey(seen: HostKey, pin: string | null, where: Where): EvenkeelError | null {
  if (pin !== null && pin.replace(/^SHA256:/, '').replace(/=+$/, '') === seen.sha256) return null;
  const details = { ...where, algorithm: seen.algorithm, fingerprint: seen.sha256, unchanged: 'No login was tried.' };
  return pin === null
    ? new EvenkeelError('host_key_unknown', { ...details, advice: 'Compare the fingerprint on the unit’s console.' })
    : new EvenkeelError('host_key_changed', {
        ...details,
        pinned: pin,
        advice: 'Do not log in. Find out on the unit’s console whether its key was replaced.',
      });
}
