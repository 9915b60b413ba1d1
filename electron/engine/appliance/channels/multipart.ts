import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { EvenkeelError } from '#shared/errors';
import type { Progress } from '../types';

export interface FilePart {
  readonly field: string;
  readonly path: string;
  /** Name sent along. */
  readonly name: string;
}

export interface Multipart {
  readonly contentType: string;
  readonly contentLength: number;
  readonly body: Readable;
}

/** Quotes a name as browsers do (HTML, "multipart/form-data encoding algorithm"). */
function quoted(text: string): string {
  return `"${text.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')}"`;
}

/**
 * A form with files as a stream of known length; files are read while they are sent. `onProgress` counts bytes of the
 * request as the network takes them. A file that changes its size meanwhile ends the stream with `source_changed`.
 */
export async function multipartForm(
  fields: Readonly<Record<string, string>>,
  files: readonly FilePart[],
  onProgress?: (progress: Progress) => void,
): Promise<Multipart> {
  const boundary = `----evenkeel${randomUUID().replaceAll('-', '')}`;
  const head = Object.entries(fields)
    .map(([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name=${quoted(name)}\r\n\r\n${value}\r\n`)
    .join('');
  const parts = await Promise.all(
    files.map(async (file) => ({
      file,
      size: await sizeOf(file.path),
      head: Buffer.from(
        `--${boundary}\r\nContent-Disposition: form-data; name=${quoted(file.field)}; filename=${quoted(file.name)}\r\n` +
          'Content-Type: application/octet-stream\r\n\r\n',
      ),
    })),
  );
  const tail = Buffer.from(`--${boundary}--\r\n`);
  const lead = Buffer.from(head);
  const contentLength = parts.reduce((sum, part) => sum + part.head.length + part.size + 2, lead.length + tail.length);
  async function* chunks(): AsyncGenerator<Buffer> {
    if (lead.length > 0) yield lead;
    for (const part of parts) {
      yield part.head;
      yield* fileChunks(part.file.path, part.size);
      yield Buffer.from('\r\n');
    }
    yield tail;
  }
  async function* counted(): AsyncGenerator<Buffer> {
    let bytes = 0;
    for await (const chunk of chunks()) {
      yield chunk;
      bytes += chunk.length;
      onProgress?.({ bytes, total: contentLength });
    }
  }
  const contentType = `multipart/form-data; boundary=${boundary}`;
  return { contentType, contentLength, body: Readable.from(counted(), { objectMode: false, highWaterMark: 1 }) };
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw new EvenkeelError('file_unreadable', { unchanged: 'Nothing was sent.' }, undefined, { cause: error });
  }
}

async function* fileChunks(path: string, size: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    const buffer = Buffer.from(chunk as Uint8Array);
    bytes += buffer.length;
    if (bytes > size) throw new EvenkeelError('source_changed');
    yield buffer;
  }
  if (bytes !== size) throw new EvenkeelError('source_changed');
}
