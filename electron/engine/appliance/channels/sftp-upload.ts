import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import type { SFTPWrapper } from 'ssh2';
import { EvenkeelError } from '#shared/errors';
import { untilAborted, type Where } from '../deadline';
import type { Progress, UploadInput } from '../types';
import { sftpClose, sftpOpen, sftpReplace, sftpSize } from './sftp-files';
import { sftpFailure } from './sftp-failures';

/** Measured best against OpenSSH on loopback; 64 of them in flight bound the memory at 16 MiB. */
const chunkBytes = 255 * 1024;
const windowChunks = 64;

export interface UploadTask {
  readonly session: SFTPWrapper;
  readonly lost: () => Error | null;
  readonly input: UploadInput;
  readonly where: Where;
  readonly signal: AbortSignal;
}

export interface UploadResult {
  readonly bytes: number;
  readonly resumedAt: number;
  readonly sha256: string;
}

/**
 * Sends a file under `<path>.part`, many writes at once, its SHA-256 computed in the same pass, and renames it when it
 * is complete. A broken upload leaves the part for the next try. `source_changed` when the file changed meanwhile or
 * is not the one expected: then nothing is renamed.
 */
export async function uploadFile(task: UploadTask): Promise<UploadResult> {
  const { session, input, where } = task;
  const file = await openSource(input.source, where);
  try {
    const before = await file.stat();
    const part = `${input.path}.part`;
    const resumedAt = input.resume ? await resumePoint(task, part, before.size) : 0;
    const handle = await named(task, 'other', sftpOpen(session, part, resumedAt > 0 ? 'r+' : 'w'));
    const sha256 = await sendAll(task, file, handle, before.size, resumedAt);
    await named(task, 'write', sftpClose(session, handle));
    const after = await file.stat();
    const changed = after.size !== before.size || after.mtimeMs !== before.mtimeMs;
    if (changed || (input.sha256 !== undefined && input.sha256 !== sha256)) {
      throw new EvenkeelError('source_changed', { ...where, unchanged: `${input.path} on the unit.` });
    }
    await named(task, 'other', sftpReplace(session, part, input.path));
    return { bytes: before.size, resumedAt, sha256 };
  } finally {
    await file.close();
  }
}

async function openSource(path: string, where: Where): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw new EvenkeelError('file_unreadable', { ...where, unchanged: 'Nothing was sent.' }, undefined, {
      cause: error,
    });
  }
}

/** Writes may have arrived out of order when the link broke: the last window is sent again. */
async function resumePoint(task: UploadTask, part: string, size: number): Promise<number> {
  const there = await named(task, 'other', sftpSize(task.session, part));
  if (there === null || there > size) return 0;
  return Math.max(0, there - chunkBytes * windowChunks);
}

async function named<T>(task: UploadTask, request: 'write' | 'other', work: Promise<T>): Promise<T> {
  return untilAborted(work, task.signal).catch((error: unknown) => {
    throw sftpFailure(error, task.where, task.lost(), request);
  });
}

async function sendAll(
  task: UploadTask,
  file: FileHandle,
  handle: Buffer,
  size: number,
  from: number,
): Promise<string> {
  const hash = createHash('sha256');
  const writes = new WriteWindow(task, handle, size, from);
  let position = 0;
  while (position < size) {
    task.signal.throwIfAborted();
    const buffer = Buffer.allocUnsafe(chunkBytes);
    // A chunk never straddles the resume point.
    const want = Math.min(chunkBytes, size - position, position < from ? from - position : chunkBytes);
    const { bytesRead } = await file.read(buffer, 0, want, position);
    if (bytesRead === 0) throw new EvenkeelError('source_changed', { ...task.where });
    const chunk = buffer.subarray(0, bytesRead);
    if (position >= from) await writes.add(chunk, position);
    hash.update(chunk);
    position += bytesRead;
  }
  await writes.drain();
  return hash.digest('hex');
}

/** Writes in flight, at most `windowChunks`. The first failure ends all. */
class WriteWindow {
  private inFlight = 0;
  private sent: number;
  private failure: unknown = null;
  private wake: (() => void) | null = null;

  constructor(
    private readonly task: UploadTask,
    private readonly handle: Buffer,
    private readonly total: number,
    from: number,
  ) {
    this.sent = from;
  }

  async add(chunk: Buffer, position: number): Promise<void> {
    await this.until(() => this.inFlight < windowChunks);
    this.inFlight += 1;
    this.task.session.write(this.handle, chunk, 0, chunk.length, position, (error) => {
      this.inFlight -= 1;
      if (error) this.failure ??= error;
      else this.progress(chunk.length);
      this.wake?.();
    });
  }

  async drain(): Promise<void> {
    await this.until(() => this.inFlight === 0);
  }

  private progress(bytes: number): void {
    this.sent += bytes;
    const progress: Progress = { bytes: this.sent, total: this.total };
    this.task.input.onProgress?.(progress);
  }

  private async until(met: () => boolean): Promise<void> {
    while (this.failure === null && !met()) {
      await untilAborted(
        new Promise<void>((resolve) => {
          this.wake = resolve;
        }),
        this.task.signal,
      );
    }
    if (this.failure !== null) throw sftpFailure(this.failure, this.task.where, this.task.lost(), 'write');
  }
}
