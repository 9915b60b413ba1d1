import type { AuditEntry } from '#shared/contract/system';
import { canonicalJson, sha256 } from './canonical';

/** An entry as it is hashed: everything but its own hash. */
export type AuditContent = Omit<AuditEntry, 'hash'>;

/** What stands before the first entry. */
export const beginning = '';

/** SHA-256, hex, over the hash before and the canonical JSON of the entry. */
export function chainHash(previous: string, content: AuditContent): string {
  const { sequence, at, who, what, subject, details } = content;
  return sha256(previous + canonicalJson({ sequence, at, who, what, subject, details }));
}
