import { WinrmError, abortedError } from './errors';
import { HttpConnection } from './http-connection';
import { loginFor, refusedReply, unexpectedStatus, type Login, type MessageProtection } from './login';
import { readReply, writeEnvelope, type SoapContext, type SoapRequest } from './soap';
import { openSocket, type OpenSocket } from './socket';
import { DEFAULT_IDLE_SECONDS, DEFAULT_OPERATION_TIMEOUT_SECONDS, type WinrmTarget } from './types';
import type { XmlNode } from './xml';

interface LoggedIn {
  readonly connection: HttpConnection;
  readonly protection: MessageProtection;
}

/** Opens the way to a host. */
export type Dial = (target: WinrmTarget, signal: AbortSignal) => Promise<OpenSocket>;

const MAX_WAITING = 32;
/** How much longer than the host's own limit this side waits for a reply. */
const GRACE_MS = 10_000;

/**
 * Calls of one WS-Management host, one at a time over one connection. A connection that ended is replaced by a new one
 * with a login of its own; a call that was under way is never repeated, as it may have had its effect. A connection
 * that nothing has used for a while is closed.
 */
export class WsmanClient {
  readonly #target: WinrmTarget;
  readonly #dial: Dial;
  readonly #login: Login;
  readonly #context: SoapContext;
  #current: LoggedIn | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #closed = false;
  #idle: NodeJS.Timeout | undefined;

  constructor(target: WinrmTarget, dial: Dial = openSocket) {
    const host = target.host.includes(':') ? `[${target.host}]` : target.host;
    this.#target = target;
    this.#dial = dial;
    this.#login = loginFor(target);
    this.#context = {
      to: `${target.scheme}://${host}:${String(target.port)}${target.path ?? '/wsman'}`,
      operationTimeoutSeconds: target.operationTimeoutSeconds ?? DEFAULT_OPERATION_TIMEOUT_SECONDS,
    };
  }

  /** A second connection to the same host, with a login of its own once it is used. */
  sibling(): WsmanClient {
    return new WsmanClient(this.#target, this.#dial);
  }

  /** Connects and logs in, if that has not been done. */
  open(signal: AbortSignal): Promise<void> {
    return this.#inTurn(signal, async () => {
      await this.#ready(signal);
    });
  }

  /** Sends a request and gives the body of its reply. Throws the reply's fault, or what went wrong on the way. */
  call(request: SoapRequest, signal: AbortSignal): Promise<XmlNode> {
    return this.#inTurn(signal, async () => {
      const { connection, protection } = await this.#ready(signal);
      try {
        return await this.#exchange(connection, protection, request, signal);
      } catch (error) {
        // After a damaged reply both sides may disagree on the state of the ciphers.
        if (error instanceof WinrmError && error.kind === 'protocol') connection.close();
        throw error;
      }
    });
  }

  /** Closes the connection; calls under way end with `link-cut` or `busy`. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#idle);
    this.#hangUp();
  }

  async #exchange(
    connection: HttpConnection,
    protection: MessageProtection,
    request: SoapRequest,
    signal: AbortSignal,
  ): Promise<XmlNode> {
    const { id, text } = writeEnvelope(request, this.#context);
    const reply = await connection.exchange(protection.request(Buffer.from(text, 'utf8')), {
      signal,
      timeoutMs: this.#timeoutMs(),
    });
    if (reply.status === 401) throw refusedReply(reply, this.#target.auth);
    const hasMessage = reply.body.length > 0 && (reply.status === 200 || reply.status >= 400);
    if (!hasMessage || /^text\/html\b/i.test(reply.headers.get('content-type')?.[0] ?? ''))
      throw unexpectedStatus(reply);
    return readReply(protection.reply(reply).toString('utf8'), id, request.action, reply.status);
  }

  #timeoutMs(): number {
    return this.#context.operationTimeoutSeconds * 1000 + GRACE_MS;
  }

  async #ready(signal: AbortSignal): Promise<LoggedIn> {
    if (this.#closed) throw new WinrmError('busy', 'The connection has been closed.');
    if (this.#current?.connection.open) return this.#current;
    this.#current = undefined;
    const connection = new HttpConnection(await this.#dial(this.#target, signal), this.#target);
    try {
      const protection = await this.#login(connection, { signal, timeoutMs: this.#timeoutMs() });
      if (!connection.open) throw new WinrmError('link-cut', 'The host closed the connection after the login.');
      this.#current = { connection, protection };
      return this.#current;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** Runs `work` after everything that was asked before it. */
  async #inTurn<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= MAX_WAITING) throw new WinrmError('busy', 'Too many calls wait for one host.');
    this.#waiting += 1;
    clearTimeout(this.#idle);
    const before = this.#last;
    const mine = before.then(() => {
      if (signal.aborted) throw abortedError(signal);
      return work();
    });
    // The chain only keeps the order; errors belong to the caller of each call.
    this.#last = mine.then(
      () => undefined,
      () => undefined,
    );
    try {
      return await mine;
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#rest();
    }
  }

  #rest(): void {
    if (this.#current === undefined) return;
    this.#idle = setTimeout(() => this.#hangUp(), (this.#target.idleSeconds ?? DEFAULT_IDLE_SECONDS) * 1000);
    this.#idle.unref();
  }

  #hangUp(): void {
    this.#current?.connection.close();
    this.#current = undefined;
  }
}
