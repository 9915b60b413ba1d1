import { WinrmError } from './errors';

/** One HTTP reply, complete. Header names are lower case; repeated headers are kept apart. */
export interface HttpReply {
  readonly status: number;
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: Buffer;
  /** True when the host closes the connection after this reply. */
  readonly closes: boolean;
}

export interface HttpLimits {
  readonly headerBytes: number;
  readonly bodyBytes: number;
}

/** A reply is one WS-Management envelope (at most 512 kB on hosts by default, 150 kB asked for), so these are ample. */
export const HTTP_LIMITS: HttpLimits = { headerBytes: 32 * 1024, bodyBytes: 4 * 1024 * 1024 };

type BodyPlan =
  { readonly kind: 'length'; readonly bytes: number } | { readonly kind: 'chunked' } | { readonly kind: 'until-close' };

interface Head {
  readonly status: number;
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: BodyPlan;
  readonly closes: boolean;
}

function bad(message: string): WinrmError {
  return new WinrmError('protocol', `The host did not answer with valid HTTP: ${message}`);
}

/**
 * Reads exactly one reply from the bytes of a connection. Feed it with `push` until it returns a reply; bytes beyond
 * the reply are an error, as this client never pipelines. Throws `protocol`.
 */
export class HttpReplyReader {
  readonly #limits: HttpLimits;
  #buffer: Buffer = Buffer.alloc(0);
  #chunks: Buffer[] = [];
  #buffered = 0;
  #head: Head | undefined;

  constructor(limits: HttpLimits = HTTP_LIMITS) {
    this.#limits = limits;
  }

  push(data: Buffer): HttpReply | undefined {
    this.#chunks.push(data);
    this.#buffered += data.length;
    if (this.#buffered > this.#limits.headerBytes + this.#limits.bodyBytes * 2) throw bad('the reply is too large.');
    // A body of known length is joined once, when all of it is there.
    if (this.#head?.body.kind === 'length' && this.#buffered < this.#head.body.bytes) return undefined;
    this.#buffer = Buffer.concat(this.#chunks);
    this.#chunks = [this.#buffer];
    this.#head ??= this.#readHead();
    return this.#head ? this.#readBody(this.#head) : undefined;
  }

  /** The connection ended: gives the reply if that is how it was to end. */
  end(): HttpReply | undefined {
    return this.#head?.body.kind === 'until-close' ? this.#reply(this.#head, this.#buffer) : undefined;
  }

  #readHead(): Head | undefined {
    const end = this.#buffer.indexOf('\r\n\r\n');
    if (end > this.#limits.headerBytes || (end < 0 && this.#buffer.length > this.#limits.headerBytes)) {
      throw bad('the headers are too long.');
    }
    if (end < 0) return undefined;
    const head = parseHead(this.#buffer.subarray(0, end).toString('latin1'), this.#limits);
    this.#consume(end + 4);
    // Interim replies such as 100 Continue are not the answer.
    return head.status >= 200 ? head : this.#readHead();
  }

  #readBody(head: Head): HttpReply | undefined {
    const { body } = head;
    if (body.kind === 'until-close') {
      if (this.#buffer.length > this.#limits.bodyBytes) throw bad('the body is too large.');
      return undefined;
    }
    if (body.kind === 'chunked') {
      const read = readChunked(this.#buffer, this.#limits);
      if (!read) return undefined;
      if (read.end !== this.#buffer.length) throw bad('there is more than one reply.');
      return this.#reply(head, read.body);
    }
    if (this.#buffer.length > body.bytes) throw bad('there is more than one reply.');
    return this.#buffer.length === body.bytes ? this.#reply(head, this.#buffer) : undefined;
  }

  #reply(head: Head, body: Buffer): HttpReply {
    return { status: head.status, headers: head.headers, body, closes: head.closes };
  }

  #consume(bytes: number): void {
    this.#buffer = this.#buffer.subarray(bytes);
    this.#chunks = [this.#buffer];
    this.#buffered = this.#buffer.length;
  }
}

function parseHead(text: string, limits: HttpLimits): Head {
  const [statusLine = '', ...lines] = text.split('\r\n');
  const match = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: |$)/.exec(statusLine);
  if (!match) throw bad('the status line.');
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) throw bad('a header line.');
    const name = line.slice(0, colon).trim().toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  const status = Number(match[2]);
  const connection = (headers.get('connection') ?? []).join(',').toLowerCase();
  const body = bodyPlan(status, headers, limits);
  const closes =
    connection.includes('close') ||
    body.kind === 'until-close' ||
    (match[1] === '0' && !connection.includes('keep-alive'));
  return { status, headers, body, closes };
}

function bodyPlan(status: number, headers: ReadonlyMap<string, readonly string[]>, limits: HttpLimits): BodyPlan {
  if (status < 200 || status === 204 || status === 304) return { kind: 'length', bytes: 0 };
  const transfer = headers.get('transfer-encoding');
  if (transfer) {
    if (transfer.length !== 1 || transfer[0]?.toLowerCase() !== 'chunked') throw bad('the transfer encoding.');
    return { kind: 'chunked' };
  }
  const lengths = new Set(headers.get('content-length'));
  if (lengths.size === 0) return { kind: 'until-close' };
  const [length = ''] = lengths;
  if (lengths.size > 1 || !/^\d{1,10}$/.test(length)) throw bad('the content length.');
  if (Number(length) > limits.bodyBytes) throw bad('the body is too large.');
  return { kind: 'length', bytes: Number(length) };
}

function readChunked(data: Buffer, limits: HttpLimits): { readonly body: Buffer; readonly end: number } | undefined {
  const parts: Buffer[] = [];
  let total = 0;
  let at = 0;
  for (;;) {
    const lineEnd = data.indexOf('\r\n', at);
    if (lineEnd < 0) {
      if (data.length - at > 256) throw bad('a chunk size.');
      return undefined;
    }
    const match = /^([0-9a-fA-F]{1,8})(?:\s*;.*)?$/.exec(data.subarray(at, lineEnd).toString('latin1').trim());
    if (!match) throw bad('a chunk size.');
    const size = parseInt(match[1] ?? '', 16);
    const start = lineEnd + 2;
    if (size === 0) return endOfChunks(data, start, parts, limits);
    total += size;
    if (total > limits.bodyBytes) throw bad('the body is too large.');
    if (start + size + 2 > data.length) return undefined;
    if (data.readUInt16BE(start + size) !== 0x0d0a) throw bad('a chunk.');
    parts.push(data.subarray(start, start + size));
    at = start + size + 2;
  }
}

/** Trailers are read over until the empty line. */
function endOfChunks(
  data: Buffer,
  start: number,
  parts: readonly Buffer[],
  limits: HttpLimits,
): { readonly body: Buffer; readonly end: number } | undefined {
  let at = start;
  for (;;) {
    const lineEnd = data.indexOf('\r\n', at);
    if (lineEnd < 0 || lineEnd - start > limits.headerBytes) {
      if (data.length - start > limits.headerBytes) throw bad('the trailers are too long.');
      return undefined;
    }
    if (lineEnd === at) return { body: Buffer.concat(parts), end: at + 2 };
    at = lineEnd + 2;
  }
}
