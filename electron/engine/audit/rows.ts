import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { AuditEntry } from '#shared/contract/system';
import type { AuditContent } from './chain';
import type { AuditEntryTable } from './tables';

const details = z.record(z.string(), z.json());

/** `null` when the row's details are not JSON any more, which only tampering does. */
export function toContent(row: Selectable<AuditEntryTable>): AuditContent | null {
  try {
    return { ...row, details: details.parse(JSON.parse(row.details)) };
  } catch {
    return null;
  }
}

export function toEntry(row: Selectable<AuditEntryTable>): AuditEntry {
  const content = toContent(row) ?? { ...row, details: { damaged: row.details.slice(0, 1_000) } };
  return { ...content, hash: row.hash };
}
