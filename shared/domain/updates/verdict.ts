import type { Checksum } from './checksum-file';
import { algorithmName } from './checksum-file';

/** What the archive was found to be while it was copied. */
export type ArchiveStructure =
  { readonly kind: 'whole'; readonly innerVersion: string } | { readonly kind: 'damaged'; readonly reason: string };

/** Why an archive counts as damaged, as an error code. */
export type ArchiveFault = 'archive_damaged' | 'checksum_mismatch';

export interface Verdict {
  readonly verdict: 'verified' | 'damaged' | 'no-checksum';
  /** One or two short sentences for the shelf. */
  readonly text: string;
  readonly fault: ArchiveFault | null;
}

/**
 * What the shelf says of an archive. A matching digest shows that it is whole, not who made it: the appliance checks the
 * vendor's signature when it installs [V].
 */
export function judge(structure: ArchiveStructure, checksum: Checksum | null, computed: string | null): Verdict {
  if (checksum !== null && computed !== checksum.value) {
    const name = algorithmName(checksum.algorithm);
    const more =
      structure.kind === 'damaged' ? structure.reason : 'The archive or its checksum file is not the right one.';
    return { verdict: 'damaged', text: `${name} differs from the file’s. ${more}`, fault: 'checksum_mismatch' };
  }
  if (structure.kind === 'damaged') return { verdict: 'damaged', text: structure.reason, fault: 'archive_damaged' };
  if (checksum === null)
    return { verdict: 'no-checksum', text: 'Cannot be rolled out until its checksum is added.', fault: null };
  return { verdict: 'verified', text: `${algorithmName(checksum.algorithm)} as in the vendor’s file.`, fault: null };
}
