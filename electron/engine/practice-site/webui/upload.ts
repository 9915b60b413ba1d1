import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import busboy from 'busboy';
import { UnitFileError, type Machine } from '../appliance-server/index';

export interface ReceivedFile {
  readonly field: string;
  readonly filename: string;
  /** Path on this computer. */
  readonly path: string;
  readonly md5: string;
}

export interface ReceivedForm {
  readonly fields: ReadonlyMap<string, string>;
  readonly files: readonly ReceivedFile[];
  remove(): Promise<void>;
}

let uploads = 0;

/** Takes a form in: files stream to the unit's disk. Throws `UnitFileError` when that is full. */
export async function receiveForm(
  request: IncomingMessage,
  machine: Machine,
  signal: AbortSignal,
): Promise<ReceivedForm> {
  const fields = new Map<string, string>();
  const files: ReceivedFile[] = [];
  const paths: string[] = [];
  const parser = busboy({ headers: request.headers, limits: { files: 4, fields: 100, fieldSize: 1024 * 1024 } });
  const pending: Promise<void>[] = [];
  parser.on('field', (name, value) => fields.set(name, value));
  parser.on('file', (field, stream, info) => {
    const path = `/var/tmp/upload-${++uploads}`;
    paths.push(path);
    const work = store(stream, machine, path).then((md5) => {
      files.push({ field, filename: info.filename ?? '', path: machine.files.local(path), md5 });
    });
    // It is awaited below, after the whole request was read; until then a failure must not count as unnoticed.
    work.catch(() => undefined);
    pending.push(work);
  });
  const remove = async (): Promise<void> => {
    await Promise.all(paths.map((path) => rm(machine.files.local(path), { force: true })));
  };
  try {
    await pipeline(request, parser, { signal });
    await Promise.all(pending);
    return { fields, files, remove };
  } catch (error) {
    await Promise.allSettled(pending);
    await remove();
    throw error;
  }
}

async function store(stream: AsyncIterable<Buffer>, machine: Machine, path: string): Promise<string> {
  const hash = createHash('md5');
  let position = 0;
  let failure: unknown = null;
  const file = await machine.files.open(path, 'w');
  try {
    // After a failure the rest is still read: the form's parser would otherwise wait for it for ever.
    for await (const chunk of stream) {
      if (failure !== null) continue;
      const bytes = machine.faults.find('damaged-upload') ? damaged(chunk, position) : chunk;
      position += bytes.length;
      hash.update(bytes);
      try {
        machine.files.checkSpace();
        await file.write(bytes);
      } catch (error) {
        failure = error;
      }
    }
  } finally {
    await file.close();
  }
  if (failure !== null) throw failure instanceof Error ? failure : new Error('The file could not be stored');
  return hash.digest('hex');
}

function damaged(chunk: Buffer, position: number): Buffer {
  const at = 1_000 - position;
  const byte = chunk[at];
  if (byte === undefined) return chunk;
  const copy = Buffer.from(chunk);
  copy[at] = byte ^ 0x10;
  return copy;
}

const algorithmByLength: Readonly<Record<number, string>> = { 32: 'md5', 40: 'sha1', 64: 'sha256', 128: 'sha512' };

/** Does the archive have the digest that the checksum file gives? `hash` and `hash  name`, by length. */
export async function matchesChecksum(archive: ReceivedFile, checksum: ReceivedFile): Promise<boolean> {
  const text = (await readFile(checksum.path, 'utf8')).slice(0, 4_096);
  const wanted = /^\s*([0-9a-fA-F]{32,128})\b/.exec(text)?.[1]?.toLowerCase() ?? '';
  const algorithm = algorithmByLength[wanted.length];
  if (algorithm === undefined) return false;
  if (algorithm === 'md5') return archive.md5 === wanted;
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(archive.path)) hash.update(chunk as Buffer);
  return hash.digest('hex') === wanted;
}

export function isDiskFull(error: unknown): boolean {
  return error instanceof UnitFileError && error.kind === 'full';
}
