import { readChunked } from './http-chunks';
import { badHttp, parseHead, type Head, type HttpLimits } from './http-head';

/** One HTTP reply, complete. Header names are lower case; repeated headers are kept apart. */
export interface HttpReply {
  readonly status: number;
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: Buffer;
  /** True when the host closes the connection after this reply. */
  readonly closes: boolean;
}

/** A reply is one WS-Management envelope (at most 512 kB on hosts by default, 150 kB asked for), so these are ample. */
export const HTTP_LIMITS: HttpLimits = { headerBytes: 32 * 1024, bodyBytes: 4 * 1024 * 1024 };

/**
 * Reads exactly one reply from the bytes of a connection. Feed it with `push` until it returns a reply; bytes beyond
 * the reply are an error, as this client never pipelines. Throws `protocol`.
 */
export class HttpReplyReader {
  readonly #limits: HttpLimits;
  readonly #room: (bytes: number) => Buffer;
  #buffer: Buffer = Buffer.alloc(0);
  #buffered = 0;
  #head: Head | undefined;
  /** A body of known length is filled in place as it comes. */
  #body: Buffer | undefined;

  /** `room` gives memory for a body; the reply is valid for as long as that memory is. */
  constructor(limits: HttpLimits = HTTP_LIMITS, room: (bytes: number) => Buffer = (bytes) => Buffer.alloc(bytes)) {
    this.#limits = limits;
    this.#room = room;
  }

  push(data: Buffer): HttpReply | undefined {
    if (this.#body) return this.#fill(this.#body, data);
    this.#buffered += data.length;
    if (this.#buffered > this.#limits.headerBytes + this.#limits.bodyBytes * 2)
      throw badHttp('the reply is too large.');
    this.#buffer = this.#buffer.length === 0 ? data : Buffer.concat([this.#buffer, data]);
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
      throw badHttp('the headers are too long.');
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
      if (this.#buffer.length > this.#limits.bodyBytes) throw badHttp('the body is too large.');
      return undefined;
    }
    if (body.kind === 'chunked') {
      const read = readChunked(this.#buffer, this.#limits);
      if (!read) return undefined;
      if (read.end !== this.#buffer.length) throw badHttp('there is more than one reply.');
      return this.#reply(head, read.body);
    }
    this.#body = this.#room(body.bytes);
    this.#buffered = 0;
    return this.#fill(this.#body, this.#buffer);
  }

  #fill(body: Buffer, data: Buffer): HttpReply | undefined {
    if (this.#buffered + data.length > body.length) throw badHttp('there is more than one reply.');
    data.copy(body, this.#buffered);
    this.#buffered += data.length;
    return this.#buffered === body.length && this.#head ? this.#reply(this.#head, body) : undefined;
  }

  #reply(head: Head, body: Buffer): HttpReply {
    return { status: head.status, headers: head.headers, body, closes: head.closes };
  }

  #consume(bytes: number): void {
    this.#buffer = this.#buffer.subarray(bytes);
    this.#buffered = this.#buffer.length;
  }
}
