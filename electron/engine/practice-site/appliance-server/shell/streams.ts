import { PassThrough } from 'node:stream';

/** Where a command writes. Resolves when more may follow. */
export interface Sink {
  write(chunk: Buffer | string): Promise<void>;
}

/** Where a command reads. */
export type Source = AsyncIterable<Buffer>;

export const nothingToRead: Source = {
  async *[Symbol.asyncIterator]() {
    // Ends at once.
  },
};

export const nowhere: Sink = { write: () => Promise.resolve() };

/** Collects what is written, up to a limit, for command substitution. */
export class Collector implements Sink {
  private readonly chunks: Buffer[] = [];
  private size = 0;

  async write(chunk: Buffer | string): Promise<void> {
    const bytes = Buffer.from(chunk);
    this.size += bytes.length;
    if (this.size <= 4 * 1024 * 1024) this.chunks.push(bytes);
    return Promise.resolve();
  }

  text(): string {
    return Buffer.concat(this.chunks).toString('utf8');
  }
}

/** The pipe between two commands. Writing into one whose reader has gone is not an error: the rest is dropped. */
export class Pipe implements Sink {
  private readonly stream = new PassThrough({ highWaterMark: 256 * 1024 });

  async write(chunk: Buffer | string): Promise<void> {
    if (this.stream.destroyed || this.stream.write(chunk)) return;
    await new Promise<void>((resolve) => {
      this.stream.once('drain', resolve);
      this.stream.once('close', resolve);
    });
  }

  source(): Source {
    return this.stream;
  }

  end(): void {
    if (!this.stream.destroyed) this.stream.end();
  }

  readerGone(): void {
    this.stream.destroy();
  }
}

/** All that is left to read, as text. For inputs that are small. */
export async function readAll(source: Source): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
