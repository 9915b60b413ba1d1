import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { EvenkeelError } from '#shared/errors';

const nameForm = /^[A-Za-z0-9][A-Za-z0-9._ -]{0,199}$/;

/**
 * Files that a browser hands over, since it cannot name a path. Each lies in a folder of its own below `folder`,
 * under its own name, until it is taken or the host ends.
 */
export class IncomingFiles {
  constructor(
    private readonly folder: string,
    private readonly limitBytes = 16 * 1024 ** 3,
  ) {}

  /** Streams the request's body to disk. Gives the path. Throws `invalid_argument` or `too_large`. */
  async take(name: string, request: IncomingMessage): Promise<string> {
    if (!nameForm.test(name)) throw new EvenkeelError('invalid_argument', { step: 'file name' });
    const own = join(this.folder, randomUUID());
    await mkdir(own, { recursive: true, mode: 0o700 });
    const path = join(own, name);
    let bytes = 0;
    try {
      await pipeline(
        request,
        async function* (this: IncomingFiles, source: AsyncIterable<Buffer>) {
          for await (const chunk of source) {
            bytes += chunk.length;
            if (bytes > this.limitBytes) throw new EvenkeelError('too_large', { limitBytes: this.limitBytes });
            yield chunk;
          }
        }.bind(this),
        createWriteStream(path, { mode: 0o600 }),
      );
    } catch (error) {
      await rm(own, { recursive: true, force: true });
      throw error;
    }
    return path;
  }

  async clear(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
