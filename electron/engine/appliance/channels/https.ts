import type { Readable } from 'node:stream';
import type { Agent, Dispatcher } from 'undici';
import { EvenkeelError, type ErrorCode } from '#shared/errors';
import { withDeadline, type Where } from '../deadline';
import { networkFailure } from './failures';
import { pinnedAgent, type HttpsEndpoint } from './pinned-agent';

export interface HttpsRequest {
  readonly step: string;
  readonly method: 'GET' | 'POST';
  /** Path with query; never another host. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Readable;
  readonly timeoutMs: number;
}

export interface HttpsAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Dispatcher.ResponseData['body'];
}

const byStatus: Readonly<Record<number, ErrorCode>> = {
  401: 'login_refused',
  403: 'permission_denied',
  404: 'channel_unavailable',
  413: 'too_large',
  507: 'remote_disk_full',
};

/** HTTPS with Basic authentication to one unit over pinned connections. Redirects are not followed. */
export class HttpsChannel {
  private agent: Agent | null = null;

  constructor(
    readonly endpoint: HttpsEndpoint,
    private readonly login: { readonly username: string; readonly password: string } | null,
    private readonly channelName: string,
  ) {}

  get origin(): string {
    const { host, port } = this.endpoint;
    return `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  }

  /**
   * Sends one request and gives the answer to `take` while the deadline runs. 401 is `login_refused`, 403
   * `permission_denied`, other statuses of 400 and above `command_failed` with the status in the details.
   */
  async request<T>(request: HttpsRequest, signal: AbortSignal, take: (answer: HttpsAnswer) => Promise<T>): Promise<T> {
    const where: Where = { unit: this.endpoint.unit, step: request.step };
    if (!request.path.startsWith('/')) throw new EvenkeelError('invalid_argument', { ...where });
    this.agent ??= pinnedAgent(this.endpoint, { unit: where.unit, step: `${this.channelName} connection` });
    const { agent } = this;
    const { login } = this;
    try {
      return await withDeadline(signal, request.timeoutMs, where, async (inner) => {
        const answer = await agent.request({
          origin: this.origin,
          path: request.path,
          method: request.method,
          headers: {
            ...request.headers,
            ...(login ? { authorization: basic(login.username, login.password) } : {}),
          },
          body: request.body ?? null,
          signal: inner,
        });
        if (answer.statusCode >= 400) {
          await answer.body.dump({ limit: 200_000 });
          throw this.refusal(answer.statusCode, where);
        }
        return take({ status: answer.statusCode, headers: plainHeaders(answer.headers), body: answer.body });
      });
    } catch (error) {
      throw networkFailure(error, where);
    }
  }

  async close(): Promise<void> {
    const { agent } = this;
    this.agent = null;
    await agent?.destroy();
  }

  private refusal(status: number, where: Where): EvenkeelError {
    const code = byStatus[status] ?? 'command_failed';
    const advice = code === 'login_refused' ? `Check user and password of the ${this.channelName}.` : undefined;
    return new EvenkeelError(code, { ...where, httpStatus: status, ...(advice ? { advice } : {}) });
  }
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function plainHeaders(headers: Dispatcher.ResponseData['headers']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}

/** The whole answer as text; more than the limit is `too_large`. */
export async function textOfAnswer(answer: HttpsAnswer, limitBytes: number, where: Where): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer.body) {
    const buffer = Buffer.from(chunk as Uint8Array);
    bytes += buffer.length;
    if (bytes > limitBytes) throw new EvenkeelError('too_large', { ...where, limitBytes });
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
