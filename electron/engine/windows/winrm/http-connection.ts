import type { Duplex } from 'node:stream';
import { withDeadline } from './deadline';
import { WinrmError } from './errors';
import { HTTP_LIMITS, HttpReplyReader, type HttpReply } from './http-reply';
import { socketError, type OpenSocket } from './socket';
import type { WinrmTarget } from './types';

export interface HttpRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/**
 * One TCP (or TLS) connection that carries one request at a time. NTLM authenticates the connection, not the request,
 * so it is never replaced behind the caller's back: when it ends, `open` is false and a new one has to log in again.
 */
export class HttpConnection {
  /** The host's DER certificate on HTTPS. */
  readonly certificate: Buffer | undefined;
  readonly #socket: Duplex;
  readonly #head: string;
  #open = true;
  #busy = false;
  #failure: WinrmError | undefined;
  /** Long output comes in replies of much the same size: their bodies take turns in one piece of memory. */
  #memory: Buffer = Buffer.alloc(0);
  #onData: ((data: Buffer) => void) | undefined;

  /** Takes an open socket over; on HTTPS its certificate has been checked. */
  constructor({ socket, certificate }: OpenSocket, target: Pick<WinrmTarget, 'host' | 'port' | 'path'>) {
    const host = target.host.includes(':') ? `[${target.host}]` : target.host;
    this.#head = `POST ${target.path ?? '/wsman'} HTTP/1.1\r\nHost: ${host}:${String(target.port)}\r\n`;
    this.#socket = socket;
    this.certificate = certificate;
    socket.on('data', (data: Buffer) => this.#take(data));
    socket.on('error', (error) => this.#end(socketError(error, 'The connection')));
    socket.on('close', () => this.#end(new WinrmError('link-cut', 'The host closed the connection.')));
    socket.on('end', () => this.#end(new WinrmError('link-cut', 'The host closed the connection.')));
  }

  get open(): boolean {
    return this.#open;
  }

  /**
   * Sends one request and reads its reply. A timeout, an abort or a bad reply closes the connection, as the host may
   * still answer. The body is valid until the next request. Throws `timeout`, `aborted`, `link-cut`, `protocol`.
   */
  async exchange(
    request: HttpRequest,
    limits: { readonly signal: AbortSignal; readonly timeoutMs: number },
  ): Promise<HttpReply> {
    if (this.#busy) throw new WinrmError('busy', 'A request is already under way on this connection.');
    if (!this.#open) throw this.#failure ?? new WinrmError('link-cut', 'The connection is closed.');
    this.#busy = true;
    try {
      const reply = await withDeadline({ ...limits, what: 'The request' }, () => this.#send(request));
      if (reply.closes) this.close();
      return reply;
    } catch (error) {
      this.close();
      throw error;
    } finally {
      this.#busy = false;
    }
  }

  /** Ends the connection at once; allowed more than once. */
  close(): void {
    this.#open = false;
    this.#socket.destroy();
  }

  /** Bytes that nobody asked for mean that both sides no longer agree on where a reply ends. */
  #take(data: Buffer): void {
    if (this.#onData) return this.#onData(data);
    this.#end(new WinrmError('protocol', 'The host sent data without having been asked.'));
    this.#socket.destroy();
  }

  #end(error: WinrmError): void {
    this.#open = false;
    this.#failure ??= error;
  }

  #send(request: HttpRequest): Promise<HttpReply> {
    const socket = this.#socket;
    const reader = new HttpReplyReader(HTTP_LIMITS, (bytes) => this.#room(bytes));
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        this.#onData = undefined;
        socket.removeListener('close', onClose);
        socket.removeListener('end', onClose);
        settle();
      };
      this.#onData = (data) => {
        try {
          const reply = reader.push(data);
          if (reply) finish(() => resolve(reply));
        } catch (error) {
          finish(() =>
            reject(error instanceof Error ? error : new WinrmError('protocol', 'The reply could not be read.')),
          );
        }
      };
      const onClose = (): void => {
        const reply = reader.end();
        const failure = this.#failure ?? new WinrmError('link-cut', 'The host closed the connection.');
        finish(() => (reply ? resolve(reply) : reject(failure)));
      };
      socket.once('close', onClose);
      socket.once('end', onClose);
      socket.write(Buffer.concat([Buffer.from(this.#headers(request), 'latin1'), request.body]));
    });
  }

  #room(bytes: number): Buffer {
    if (this.#memory.length < bytes) this.#memory = Buffer.alloc(bytes);
    return this.#memory.subarray(0, bytes);
  }

  #headers(request: HttpRequest): string {
    const lines = Object.entries({
      ...request.headers,
      'Content-Length': String(request.body.length),
      Connection: 'Keep-Alive',
    });
    return `${this.#head}${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  }
}
