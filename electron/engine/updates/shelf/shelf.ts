import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Progress } from '#shared/contract/jobs';
import { EvenkeelError } from '#shared/errors';
import { archiveNameRule, baseName, parseArchiveName, type ArchiveName } from '#shared/domain/updates/archive-name';
import type { Checksum } from '#shared/domain/updates/checksum-file';
import { bytesText } from '#shared/domain/updates/estimates';
import { judge } from '#shared/domain/updates/verdict';
import { isSameVersion } from '#shared/domain/updates/version-rule';
import type { UpdateAudit } from '../deps';
import { RateMeter } from '../rate-meter';
import type { ArchiveStore, StoredArchive } from '../store';
import { copyArchive, type CopyResult } from './copy';
import { digestFile } from './digest-file';
import type { ShelfFolder } from './folder';
import { readChecksumFile } from './read-checksum';

/** Room that stays free on this computer beside an archive. */
const spareBytes = 64 * 1024 * 1024;
/** Archives on their way at once; each takes the disk's full speed. */
const shelvingLimit = 4;

export interface Shelving {
  readonly id: string;
  readonly fileName: string;
  readonly progress: Progress;
}

export interface ShelfDeps {
  readonly folder: ShelfFolder;
  readonly store: ArchiveStore;
  readonly audit: UpdateAudit;
  readonly practice: () => boolean;
  readonly now: () => number;
  /** Called after any change of archives or shelvings. */
  readonly changed: () => void;
}

/** The archives on this computer: who brought them, what they are, and whether they may be used. */
export class Shelf {
  private archives: readonly StoredArchive[] = [];
  private readonly shelvings = new Map<string, Shelving>();

  constructor(private readonly deps: ShelfDeps) {}

  list(): readonly StoredArchive[] {
    return this.archives;
  }

  underway(): readonly Shelving[] {
    return [...this.shelvings.values()];
  }

  /** Throws `not_found`. */
  get(id: string): StoredArchive {
    const found = this.archives.find((archive) => archive.id === id);
    if (!found) throw new EvenkeelError('not_found', { step: 'shelf', advice: 'It was taken off the shelf.' });
    return found;
  }

  fileOf(id: string): string {
    return this.deps.folder.fileOf(id);
  }

  /** Reads the shelf and compares it with its files: one that is gone or has another size is damaged. */
  async open(): Promise<void> {
    await this.deps.folder.prepare();
    await this.deps.folder.clearParts();
    for (const archive of await this.deps.store.list()) {
      const size = await this.deps.folder.sizeOf(archive.id);
      if (size === archive.bytes || archive.verdict === 'damaged') continue;
      const verdictText = size === null ? 'Its file is gone from the shelf.' : 'Its file on the shelf was changed.';
      await this.deps.store.put({ ...archive, verdict: 'damaged', verdictText, fault: 'archive_damaged' });
    }
    await this.reload();
  }

  /**
   * Puts an archive on the shelf. One whose checksum does not match is kept too, as damaged: it shows what was brought,
   * and is never offered. Throws `archive_wrong_name`, `archive_damaged`, `archive_version_mismatch`, `conflict`,
   * `source_changed`, `local_disk_full`, `file_unreadable`, `checksum_not_understood`.
   */
  async shelve(archive: string, checksumFile: string | null, by: string, signal: AbortSignal): Promise<StoredArchive> {
    const fileName = baseName(archive);
    const name = parseArchiveName(fileName);
    if (!name) throw refused('archive_wrong_name', fileName, `Update archives are called ${archiveNameRule}.`);
    const checksum = checksumFile === null ? null : await readChecksumFile(checksumFile, fileName);
    const bytes = await this.sizeOfSource(archive, fileName);
    await this.checkRoom(bytes, fileName);
    if (this.shelvings.size >= shelvingLimit) throw refused('overloaded', fileName, 'Wait for one of them to end.');
    const id = randomUUID();
    try {
      const copied = await this.copy(id, archive, fileName, bytes, checksum, signal);
      return await this.accept(id, name, checksum, copied, by);
    } catch (error) {
      await this.deps.folder.remove(id);
      throw error;
    } finally {
      this.shelvings.delete(id);
      this.deps.changed();
    }
  }

  /** Throws `not_found`, `conflict` when it has one that matches, `checksum_mismatch`, `checksum_not_understood`. */
  async addChecksum(id: string, checksumFile: string, by: string, signal: AbortSignal): Promise<StoredArchive> {
    const archive = this.get(id);
    const checksum = await readChecksumFile(checksumFile, archive.fileName);
    return this.give(archive, checksum, by, signal);
  }

  async remove(id: string, by: string): Promise<void> {
    const archive = this.get(id);
    await this.deps.store.remove(id);
    await this.deps.folder.remove(id);
    await this.audit(by, 'archive.removed', archive);
    await this.reload();
  }

  /** Is the file on the shelf still the one that was verified? Throws `archive_damaged` and marks it when not. */
  async verify(id: string, signal: AbortSignal, onProgress?: (done: number) => void): Promise<void> {
    const archive = this.get(id);
    const size = await this.deps.folder.sizeOf(id);
    const sha256 = size === archive.bytes ? await digestFile(this.fileOf(id), 'sha256', signal, onProgress) : null;
    if (sha256 === archive.sha256) return;
    const verdictText = 'Its file on the shelf was changed.';
    await this.deps.store.put({ ...archive, verdict: 'damaged', verdictText, fault: 'archive_damaged' });
    await this.reload();
    throw new EvenkeelError('archive_damaged', {
      step: 'shelf',
      archive: archive.fileName,
      reason: verdictText,
      advice: 'Take it off the shelf and bring it again.',
    });
  }

  private async copy(
    id: string,
    source: string,
    fileName: string,
    bytes: number,
    checksum: Checksum | null,
    signal: AbortSignal,
  ): Promise<CopyResult> {
    const tell = (progress: Progress): void => {
      this.shelvings.set(id, { id, fileName, progress });
      this.deps.changed();
    };
    tell({ done: 0, total: bytes, unit: 'bytes', rate: null, remainingSeconds: null });
    const meter = new RateMeter(this.deps.now, tell);
    return copyArchive({
      source,
      bytes,
      target: this.fileOf(id),
      algorithms: ['md5', ...(checksum ? [checksum.algorithm] : [])],
      details: { step: 'shelve', archive: fileName, unchanged: 'The shelf.' },
      signal,
      onProgress: (done, total) => meter.update(done, total),
    });
  }

  private async accept(
    id: string,
    name: ArchiveName,
    checksum: Checksum | null,
    copied: CopyResult,
    by: string,
  ): Promise<StoredArchive> {
    const sha256 = copied.digests.get('sha256') ?? '';
    const known = this.archives.find((archive) => archive.sha256 === sha256 && archive.fileName === name.fileName);
    if (known && checksum) {
      await this.deps.folder.remove(id);
      return this.giveKnown(known, checksum, copied, by);
    }
    if (known) throw refused('conflict', name.fileName, 'The same file is on the shelf already.');
    const { structure } = copied;
    const computed = checksum === null ? null : (copied.digests.get(checksum.algorithm) ?? null);
    const verdict = judge(structure, checksum, computed);
    if (verdict.fault === 'archive_damaged') throw damaged(name.fileName, verdict.text);
    const inner = structure.kind === 'whole' ? structure.innerVersion : null;
    if (inner !== null && verdict.fault === null) checkInner(name, inner);
    const archive: StoredArchive = {
      id,
      fileName: name.fileName,
      version: name.version,
      innerVersion: inner,
      bytes: copied.bytes,
      sha256,
      md5: copied.digests.get('md5') ?? '',
      checksum,
      verdict: verdict.verdict,
      verdictText: verdict.text,
      fault: verdict.fault,
      addedBy: by,
      addedAt: this.deps.now(),
      practice: this.deps.practice(),
    };
    await this.deps.store.put(archive);
    await this.audit(by, 'archive.shelved', archive);
    await this.reload();
    return archive;
  }

  private async giveKnown(
    known: StoredArchive,
    checksum: Checksum,
    copied: CopyResult,
    by: string,
  ): Promise<StoredArchive> {
    if (known.verdict === 'verified')
      throw refused('conflict', known.fileName, 'The same file is on the shelf already.');
    return this.settle(known, checksum, copied.digests.get(checksum.algorithm) ?? null, by);
  }

  private async give(
    archive: StoredArchive,
    checksum: Checksum,
    by: string,
    signal: AbortSignal,
  ): Promise<StoredArchive> {
    if (archive.verdict === 'verified') throw refused('conflict', archive.fileName, 'It has a checksum that matches.');
    if (archive.fault === 'archive_damaged') throw damaged(archive.fileName, archive.verdictText);
    const known: Partial<Record<Checksum['algorithm'], string>> = { md5: archive.md5, sha256: archive.sha256 };
    const computed =
      known[checksum.algorithm] ?? (await digestFile(this.fileOf(archive.id), checksum.algorithm, signal));
    return this.settle(archive, checksum, computed, by);
  }

  /** A whole archive gets its verdict anew; one that does not match stays as it was, and the caller is told. */
  private async settle(
    archive: StoredArchive,
    checksum: Checksum,
    computed: string | null,
    by: string,
  ): Promise<StoredArchive> {
    const inner = archive.innerVersion;
    const verdict = judge(
      inner === null ? { kind: 'damaged', reason: archive.verdictText } : { kind: 'whole', innerVersion: inner },
      checksum,
      computed,
    );
    if (verdict.fault === 'checksum_mismatch') {
      throw refused('checksum_mismatch', archive.fileName, 'The archive or its checksum file is not the right one.');
    }
    const name = parseArchiveName(archive.fileName);
    if (name && inner !== null) checkInner(name, inner);
    const next = { ...archive, checksum, verdict: verdict.verdict, verdictText: verdict.text, fault: verdict.fault };
    await this.deps.store.put(next);
    await this.audit(by, 'archive.checksum', next);
    await this.reload();
    return next;
  }

  private async sizeOfSource(path: string, fileName: string): Promise<number> {
    const found = await stat(path).catch((error: unknown) => {
      throw new EvenkeelError('file_unreadable', detailsOf(fileName), undefined, { cause: error });
    });
    if (!found.isFile()) throw refused('file_unreadable', fileName, 'It is not a file.');
    return found.size;
  }

  private async checkRoom(bytes: number, fileName: string): Promise<void> {
    const free = await this.deps.folder.free();
    if (free >= bytes + spareBytes) return;
    throw refused(
      'local_disk_full',
      fileName,
      `It needs ${bytesText(bytes + spareBytes)}; ${bytesText(free)} are free.`,
    );
  }

  private async audit(who: string, what: string, archive: StoredArchive): Promise<void> {
    const { bytes, sha256, verdict, checksum } = archive;
    const vendor = checksum === null ? null : `${checksum.algorithm} ${checksum.value}`;
    await this.deps.audit.append({ who, what, subject: archive.fileName, details: { bytes, sha256, verdict, vendor } });
  }

  private async reload(): Promise<void> {
    this.archives = await this.deps.store.list();
    this.deps.changed();
  }
}

function checkInner(name: ArchiveName, inner: string): void {
  const release = /-(\d+)$/.exec(inner)?.[1];
  if (isSameVersion(inner, name.version) && (release === undefined || Number(release) === name.release)) return;
  throw refused('archive_version_mismatch', name.fileName, `The archive holds ${inner}. Ask support for it again.`);
}

function detailsOf(archive: string): { step: string; archive: string; unchanged: string } {
  return { step: 'shelve', archive, unchanged: 'The shelf.' };
}

function refused(
  code: ConstructorParameters<typeof EvenkeelError>[0],
  fileName: string,
  advice: string,
): EvenkeelError {
  return new EvenkeelError(code, { ...detailsOf(fileName), advice });
}

function damaged(archive: string, reason: string): EvenkeelError {
  return new EvenkeelError('archive_damaged', { ...detailsOf(archive), reason, advice: 'Ask support for it again.' });
}
