import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { WinrmError, wire } from '#engine/windows/winrm/index';
import { identifyAnswer, lockedAnswer } from './answers';
import { ConnectionLogin, type LoginOutcome } from './connection-login';
import type { WsmanOperations } from './operations';
import type { ReplyWriter } from './reply';
import type { WinrmServerOptions } from './types';

// The envelope of the oldest hosts (150 kB; newer ones take 500 kB) and what encryption puts around it.
const MAX_BODY = 153_600 + 1024;
const EMPTY = Buffer.alloc(0);

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  // Leaving the loop must not take the connection away: the answer is still to be sent.
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MAX_BODY) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** HTTP in front of the operations: path, login, encryption. One for each listener. */
export class WinrmFront {
  readonly #options: WinrmServerOptions;
  readonly #operations: WsmanOperations;
  readonly #replies: ReplyWriter;
  readonly #certificate: Buffer | undefined;
  readonly #logins = new WeakMap<Socket, ConnectionLogin>();

  /** `certificate` is the host's DER certificate on HTTPS. */
  constructor(
    options: WinrmServerOptions,
    operations: WsmanOperations,
    replies: ReplyWriter,
    certificate: Buffer | undefined,
  ) {
    this.#options = options;
    this.#operations = operations;
    this.#replies = replies;
    this.#certificate = certificate;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    if (!body) return this.#send(response, 413, { Connection: 'close' });
    if (request.url !== '/wsman') return this.#send(response, 404);
    if (request.method !== 'POST') return this.#send(response, 405, { Allow: 'POST' });
    if (request.headers['wsmanidentify'] === 'unauthenticated' && request.headers.authorization === undefined) {
      return this.#soap(response, 200, Buffer.from(identifyAnswer().text));
    }
    const login = this.#login(request.socket).check(request);
    if (login.kind === 'challenge') {
      const headers = { 'WWW-Authenticate': [...login.headers] };
      if (login.locked !== true) return this.#send(response, 401, headers);
      const { text } = lockedAnswer(this.#options.computerName);
      return this.#send(response, 401, { ...headers, 'Content-Type': wire.SOAP_CONTENT_TYPE }, Buffer.from(text));
    }
    if (body.length === 0) return this.#send(response, 200);
    return this.#message(request, response, body, login);
  }

  async #message(
    request: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
    { account, session }: Extract<LoginOutcome, { kind: 'in' }>,
  ): Promise<void> {
    const encrypted = wire.isEncrypted(request.headers['content-type'] ?? '');
    // AllowUnencrypted is off on hosts: plain SOAP over plain HTTP is answered with an empty 500.
    if ((!encrypted && !this.#certificate) || (encrypted && !session)) return this.#send(response, 500);
    try {
      const text = encrypted && session ? wire.decryptMessage(session, body) : body;
      const answer = await this.#operations.handle(text.toString('utf8'), account, encrypted);
      const reply = Buffer.from(answer.text, 'utf8');
      if (!encrypted || !session) return await this.#soap(response, answer.status, reply);
      const headers = { 'Content-Type': wire.ENCRYPTED_CONTENT_TYPE };
      return await this.#send(response, answer.status, headers, wire.encryptMessage(session, reply));
    } catch (error) {
      if (!(error instanceof WinrmError)) throw error;
      await this.#send(response, 400, { Connection: 'close' });
    }
  }

  #soap(response: ServerResponse, status: number, body: Buffer): Promise<void> {
    return this.#send(response, status, { 'Content-Type': wire.SOAP_CONTENT_TYPE }, body);
  }

  #send(
    response: ServerResponse,
    status: number,
    headers: Readonly<Record<string, string | string[]>> = {},
    body: Buffer = EMPTY,
  ): Promise<void> {
    return this.#replies.send(response, status, headers, body);
  }

  #login(socket: Socket): ConnectionLogin {
    const known = this.#logins.get(socket);
    if (known) return known;
    const login = new ConnectionLogin(this.#options, this.#certificate);
    this.#logins.set(socket, login);
    return login;
  }
}
