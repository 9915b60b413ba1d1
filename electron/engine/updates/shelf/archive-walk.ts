import { once } from 'node:events';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import type { ArchiveStructure } from '#shared/domain/updates/verdict';
import { EntryRules, type WalkRefusal } from './entry-rules';

/** What unpacks to more than this times its size is no update; the vendor's hardly shrink at all [I]. */
const ratioLimit = 200;
const freeAllowance = 64 * 1024 * 1024;
const chunkSize = 256 * 1024;

/**
 * Walks a gzipped tar from its first byte to its last while it streams by, without keeping or unpacking any of it. It
 * tells a whole update archive and its inner version from a truncated, foreign or hostile one. Memory is bounded by the
 * stream buffers and tar-stream's limit of 4 MiB for a long header.
 */
export class ArchiveWalk {
  private readonly gunzip = createGunzip({ chunkSize });
  private readonly tar = extract();
  private readonly rules = new EntryRules();
  private readonly finished: Promise<void>;
  private refusal: WalkRefusal | null = null;
  private over = false;
  private read = 0;
  private inflated = 0;

  constructor() {
    this.tar.on('entry', (header: Header, stream, next) => {
      const refusal = this.rules.look(header.name, header.type, header.linkname);
      stream.on('end', () => next());
      stream.on('error', () => next());
      if (refusal) this.refuse(refusal);
      else stream.resume();
    });
    this.finished = pipeline(this.gunzip, this.guard(), this.tar)
      .catch((error: unknown) => {
        this.refusal ??= { reason: reasonOf(error) };
      })
      .finally(() => {
        this.over = true;
      });
  }

  /** Waits while the walk is behind. Once a fault is found the rest passes unlooked at. */
  async write(chunk: Buffer): Promise<void> {
    if (this.over || this.refusal) return;
    this.read += chunk.length;
    if (this.gunzip.write(chunk)) return;
    const drained = new AbortController();
    const wait = once(this.gunzip, 'drain', { signal: drained.signal }).catch(() => undefined);
    await Promise.race([wait, this.finished]);
    drained.abort();
  }

  async end(): Promise<ArchiveStructure> {
    if (!this.over) this.gunzip.end();
    await this.finished;
    const refusal = this.refusal ?? this.rules.atEnd();
    if (refusal) return { kind: 'damaged', reason: refusal.reason };
    return { kind: 'whole', innerVersion: this.rules.innerVersion ?? '' };
  }

  /** Gives up without a verdict. */
  async abandon(): Promise<void> {
    this.refuse({ reason: 'It was not read to its end.' });
    await this.finished;
  }

  private refuse(refusal: WalkRefusal): void {
    this.refusal ??= refusal;
    this.gunzip.destroy();
  }

  private guard(): Transform {
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        this.inflated += chunk.length;
        if (this.inflated > this.read * ratioLimit + freeAllowance) {
          this.refusal ??= { reason: `It unpacks to more than ${ratioLimit} times its size.` };
          done(new Error('ratio'));
        } else done(null, chunk);
      },
    });
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'Z_BUF_ERROR') return 'It stops short: the copy is incomplete.';
  if (code === 'Z_DATA_ERROR') {
    const header = error instanceof Error && error.message.includes('incorrect header check');
    return header ? 'It is not a gzip archive.' : 'Its compressed data are damaged.';
  }
  if (error instanceof Error && error.message === 'Unexpected end of data') return 'Its tar archive stops short.';
  return 'What it unpacks to is not a tar archive.';
}
