import { request, type IncomingMessage } from 'node:http';
import { isIPv6, type Socket } from 'node:net';
import { connect as secure, type TLSSocket } from 'node:tls';
import { shownCertificate } from './certificate';
import type { Opened } from './connect';
import { failed, outcomeOfError, plain } from './outcomes';
import type { ClientSeen, ClientTarget, ShownCertificate } from './types';

const mostHeaderBytes = 16_384;

/**
 * GET / up to the status line and headers; the body is not fetched. Any status below 500 is a service that answers. A
 * certificate is shown, not verified. Ends by the time given.
 */
export function proveHttp(
  opened: Opened & { readonly open: true },
  target: ClientTarget,
  answerMs: number,
  signal: AbortSignal,
): Promise<ClientSeen> {
  const started = performance.now();
  let certificate: ShownCertificate | null = null;
  let stage = target.probe === 'https' ? 'TLS handshake' : 'request';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      end(failed('timeout', `Connected; no answer to the ${stage} within ${answerMs / 1_000} s.`, 'no answer'));
    }, answerMs);
    const stop = (): void => {
      release();
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    const broke = (error: Error): void => end(brokenAs(error, stage));
    const answered = (answer: IncomingMessage): void => {
      end(statusSeen(answer, opened.ms + performance.now() - started));
    };
    let ended = false;
    function release(): void {
      ended = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      opened.socket.destroy();
    }
    function end(seen: ClientSeen): void {
      if (ended) return;
      release();
      resolve({ ...seen, certificate });
    }
    function ask(socket: Socket): void {
      stage = 'request';
      // With a connection given there is no agent: one connection, one question.
      const options = { createConnection: () => socket, maxHeaderSize: mostHeaderBytes, method: 'GET' };
      const headers = { host: hostHeader(target), 'user-agent': 'Evenkeel client check', connection: 'close' };
      const sent = request({ ...options, path: '/', headers });
      sent.on('response', answered).on('error', broke).on('upgrade', answered);
      sent.end();
    }
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) return stop();
    if (target.probe !== 'https') return ask(opened.socket);
    const wrapped: TLSSocket = secure({ socket: opened.socket, rejectUnauthorized: false, minVersion: 'TLSv1' });
    wrapped.on('error', broke);
    wrapped.on('close', () => broke(new Error('closed')));
    wrapped.once('secureConnect', () => {
      certificate = shownCertificate(wrapped);
      ask(wrapped);
    });
  });
}

function hostHeader({ address, port }: ClientTarget): string {
  const host = isIPv6(address) ? `[${address}]` : address;
  return port === 80 || port === 443 ? host : `${host}:${port}`;
}

function statusSeen(answer: IncomingMessage, ms: number): ClientSeen {
  const status = answer.statusCode ?? 0;
  const { location } = answer.headers;
  const detail = location === undefined ? null : plain(`To ${location}`, 300);
  return { outcome: status >= 500 ? 'rejected' : 'ok', word: String(status), ms, certificate: null, detail };
}

function brokenAs(error: Error, stage: string): ClientSeen {
  const code = 'code' in error ? String(error.code) : '';
  if (code.startsWith('HPE_')) return failed('not-understood', `The answer is no HTTP (${code}).`, 'no HTTP');
  if (code.includes('SSL') || code === 'EPROTO') {
    const alert = /alert ([a-z ]+)/i.exec(error.message)?.[1]?.trim();
    if (alert !== undefined) return failed('rejected', `The peer ended TLS: ${alert}.`, 'TLS refused');
    return failed('not-understood', `The answer to the ${stage} is no TLS that is spoken here (${code}).`, 'no TLS');
  }
  const outcome = outcomeOfError(error);
  return failed(
    outcome,
    `The connection ended before the answer to the ${stage}.`,
    outcome === 'reset' ? 'closed' : undefined,
  );
}
