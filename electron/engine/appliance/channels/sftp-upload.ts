import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import type { SFTPWrapper } from 'ssh2';
import { EvenkeelError } from '#shared/errors';
import { untilAborted, type Where } from '../deadline';
import type { Progress, UploadInput } from '../types';
import { sftpClose, sftpOpen, sftpReplace, sftpSize } from './sftp-files';
import { sftpFailure } from './sftp-failures';
import type { SshLink } from './ssh-connection';

/**
 * Just what fits one write to a server that calls itself OpenSSH: the library sends what is over only after the answer.
 * 32 of them are more than a server takes in at once, and bound the memory at 8 MiB.
 */
const chunkBytes = 254 * 1024;
const windowChunks = 32;

export interface UploadTask {
  readonly session: SFTPWrapper;
  readonly link: Pick<SshLink, 'lost' | 'batch'>;
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
    throw sftpFailure(error, task.where, task.link.lost(), request);
  });
}

/**
 * Reads ahead while the bytes before are digested and sent. Bytes before `from` are only digested.
 */
async function sendAll(
  task: UploadTask,
  file: FileHandle,
  handle: Buffer,
  size: number,
  from: number,
): Promise<string> {
  const hash = createHash('sha256');
  const writes = new WriteWindow(task, handle, size, from);
  const readAt = async (position: number): Promise<Buffer> => {
    const buffer = writes.free() ?? (await writes.freed());
    // A chunk never straddles the resume point.
    const end = position < from ? from : size;
    const { bytesRead } = await file.read(buffer, 0, Math.min(chunkBytes, end - position), position);
    if (bytesRead === 0) throw new EvenkeelError('source_changed', { ...task.where });
    return buffer.subarray(0, bytesRead);
  };
  let position = 0;
  let next = size > 0 ? readAt(0) : null;
  while (next) {
    const chunk = await next;
    task.signal.throwIfAborted();
    const start = position;
    position += chunk.length;
    if (start >= from) writes.send(chunk, start);
    next = position < size ? readAt(position) : null;
    next?.catch(() => undefined); // awaited at the next turn, or never after a failure here
    hash.update(chunk); // before anything can be acknowledged and its buffer used again
    if (start < from) writes.release(chunk);
  }
  await writes.drain();
  return hash.digest('hex');
}

/**
 * Writes in flight, at most `windowChunks`, and their buffers. A buffer is used again only when its write was
 * acknowledged: the library sends the end of a large one later. Fresh buffers for each chunk would cost more time in
 * the garbage collector than the digest does. The first failure ends all.
 */
class WriteWindow {
  private readonly pool: Buffer[] = [];
  private made = 0;
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

  /** A buffer to fill, or `null` while all are under way. */
  free(): Buffer | null {
    const kept = this.pool.pop();
    if (kept) return kept;
    if (this.made >= windowChunks) return null;
    this.made += 1;
    return Buffer.allocUnsafeSlow(chunkBytes);
  }

  /** The next buffer that comes back. */
  async freed(): Promise<Buffer> {
    await this.until(() => this.pool.length > 0);
    return this.pool.pop() ?? this.freed();
  }

  release(chunk: Buffer): void {
    this.pool.push(Buffer.from(chunk.buffer));
    this.wake?.();
  }

  send(chunk: Buffer, position: number): void {
    this.inFlight += 1;
    const { session, link } = this.task;
    link.batch(() =>
      session.write(this.handle, chunk, 0, chunk.length, position, (error) => {
        this.inFlight -= 1;
        if (error) this.failure ??= error;
        else this.progress(chunk.length);
        this.release(chunk);
      }),
    );
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
    if (this.failure !== null) throw sftpFailure(this.failure, this.task.where, this.task.link.lost(), 'write');
  }
}
