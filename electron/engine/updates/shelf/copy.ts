import { createHash, type Hash } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { EvenkeelError, type ErrorDetails } from '#shared/errors';
import type { ChecksumAlgorithm } from '#shared/domain/updates/checksum-file';
import type { ArchiveStructure } from '#shared/domain/updates/verdict';
import { ArchiveWalk } from './archive-walk';

const chunkBytes = 1024 * 1024;

export interface CopyTask {
  readonly source: string;
  /** Size the source had when it was chosen. */
  readonly bytes: number;
  readonly target: string;
  /** Digests besides SHA-256. */
  readonly algorithms: readonly ChecksumAlgorithm[];
  readonly details: ErrorDetails;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

export interface CopyResult {
  readonly bytes: number;
  readonly digests: ReadonlyMap<ChecksumAlgorithm, string>;
  readonly structure: ArchiveStructure;
}

/**
 * Copies a file in one pass that also digests it and walks through its archive: a mebibyte at a time, never whole in
 * memory. The target appears under its name only when it is complete and on the disk. Throws `file_unreadable`,
 * `source_changed` or `local_disk_full`; then nothing is left behind.
 */
export async function copyArchive(task: CopyTask): Promise<CopyResult> {
  const part = `${task.target}.part`;
  const source = await open(task.source, 'r').catch((error: unknown) => {
    throw new EvenkeelError('file_unreadable', task.details, undefined, { cause: error });
  });
  try {
    const target = await open(part, 'w', 0o600);
    let result: CopyResult;
    try {
      result = await pass(task, source, target);
      await target.sync();
    } finally {
      await target.close();
    }
    await rename(part, task.target);
    return result;
  } catch (error) {
    await rm(part, { force: true });
    throw named(error, task.details);
  } finally {
    await source.close();
  }
}

async function pass(task: CopyTask, source: FileHandle, target: FileHandle): Promise<CopyResult> {
  const before = await source.stat();
  const hashes = new Map<ChecksumAlgorithm, Hash>();
  for (const algorithm of new Set<ChecksumAlgorithm>(['sha256', ...task.algorithms])) {
    hashes.set(algorithm, createHash(algorithm));
  }
  const walk = new ArchiveWalk();
  let done = 0;
  try {
    for (;;) {
      task.signal.throwIfAborted();
      const buffer = Buffer.allocUnsafe(chunkBytes);
      const { bytesRead } = await source.read(buffer, 0, chunkBytes, done);
      if (bytesRead === 0) break;
      const chunk = buffer.subarray(0, bytesRead);
      const written = target.write(chunk, 0, bytesRead, done);
      for (const hash of hashes.values()) hash.update(chunk);
      await written;
      await walk.write(chunk);
      done += bytesRead;
      task.onProgress(done, Math.max(task.bytes, done));
    }
    const after = await source.stat();
    if (after.size !== done || task.bytes !== done || after.mtimeMs !== before.mtimeMs) {
      throw new EvenkeelError('source_changed', task.details);
    }
  } catch (error) {
    await walk.abandon();
    throw error;
  }
  const structure = await walk.end();
  return { bytes: done, structure, digests: new Map([...hashes].map(([name, hash]) => [name, hash.digest('hex')])) };
}

function named(error: unknown, details: ErrorDetails): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new EvenkeelError('local_disk_full', { ...details, advice: 'Free space on this computer.' }, undefined, {
      cause: error,
    });
  }
  if (code === 'EISDIR' || code === 'EIO' || code === 'EACCES') {
    return new EvenkeelError('file_unreadable', details, undefined, { cause: error });
  }
  return error;
}
