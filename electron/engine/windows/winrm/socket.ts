import { createHash } from 'node:crypto';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { Advice } from './advice';
import { withDeadline } from './deadline';
import { WinrmError, abortedError, type ObservedCertificate, type WinrmErrorKind } from './errors';
import { DEFAULT_CONNECT_TIMEOUT_MS, type WinrmTarget } from './types';

/** An open socket; `certificate` is the host's DER certificate on HTTPS. */
export interface OpenSocket {
  readonly socket: Duplex;
  readonly certificate: Buffer | undefined;
}

type SocketTarget = Pick<WinrmTarget, 'host' | 'port' | 'scheme' | 'tls' | 'connectTimeoutMs'>;

const CONNECT_KINDS = new Map<string, WinrmErrorKind>([
  ['ECONNREFUSED', 'connect-refused'],
  ['ENOTFOUND', 'host-not-found'],
  ['EAI_AGAIN', 'host-not-found'],
  ['ETIMEDOUT', 'timeout'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['EADDRNOTAVAIL', 'unreachable'],
  ['ECONNRESET', 'link-cut'],
  ['EPIPE', 'link-cut'],
]);

/** The typed error of a socket that failed. */
export function socketError(error: Error, where: string): WinrmError {
  if (error instanceof WinrmError) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const kind = CONNECT_KINDS.get(code);
  if (kind) {
    const advice = kind === 'connect-refused' ? Advice.notListening : undefined;
    return new WinrmError(kind, `${where}: ${code}`, { cause: error, advice });
  }
  const tlsProblem = code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') || code === 'EPROTO';
  const advice = tlsProblem ? Advice.tls : undefined;
  return new WinrmError(tlsProblem ? 'tls-failed' : 'link-cut', `${where}: ${code || error.message}`, {
    cause: error,
    advice,
  });
}

function where(target: SocketTarget): string {
  return `${target.host}:${String(target.port)}`;
}

function connectTcp(target: SocketTarget, signal: AbortSignal): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: target.host, port: target.port, noDelay: true, keepAlive: true });
    const onAbort = (): void => void socket.destroy();
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('connect', () => {
      signal.removeEventListener('abort', onAbort);
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', (error) => reject(socketError(error, where(target))));
  });
}

/** TLS without Node's own verdict: the caller decides by pin or CA. `authorized` is the verdict of the CA given. */
function connectTls(target: SocketTarget, socket: net.Socket, signal: AbortSignal): Promise<tls.TLSSocket> {
  if (signal.aborted) {
    socket.destroy();
    return Promise.reject(abortedError(signal));
  }
  return new Promise((resolve, reject) => {
    const secure = tls.connect({
      socket,
      host: target.host,
      ...(net.isIP(target.host) === 0 ? { servername: target.host } : {}),
      ...(target.tls?.ca === undefined ? {} : { ca: target.tls.ca }),
      rejectUnauthorized: false,
    });
    const onAbort = (): void => void secure.destroy();
    const failed = (error: Error): void => {
      secure.destroy();
      const cut = socketError(error, where(target));
      reject(
        cut.kind === 'link-cut'
          ? new WinrmError('tls-failed', `${where(target)}: no TLS handshake.`, { cause: error, advice: Advice.tls })
          : cut,
      );
    };
    signal.addEventListener('abort', onAbort, { once: true });
    secure.once('error', failed);
    secure.once('secureConnect', () => {
      signal.removeEventListener('abort', onAbort);
      secure.removeListener('error', failed);
      resolve(secure);
    });
  });
}

function describe(socket: tls.TLSSocket): { readonly der: Buffer; readonly seen: ObservedCertificate } {
  const certificate = socket.getPeerCertificate();
  // Node gives an empty object where the host sent no certificate.
  const der: unknown = certificate.raw;
  if (!Buffer.isBuffer(der)) throw new WinrmError('tls-failed', 'The host sent no certificate.');
  const notAfter = Date.parse(certificate.valid_to);
  const names: [string, string | readonly string[] | undefined][] = Object.entries(certificate.subject);
  return {
    der,
    seen: {
      sha256: createHash('sha256').update(der).digest('hex'),
      subject: names
        .map(([key, value]) => `${key}=${typeof value === 'string' ? value : (value ?? []).join('+')}`)
        .join(', '),
      notAfter: Number.isNaN(notAfter) ? '' : new Date(notAfter).toISOString(),
    },
  };
}

function checkCertificate(target: SocketTarget, socket: tls.TLSSocket, seen: ObservedCertificate): void {
  const pinned = target.tls?.pinnedSha256?.replaceAll(/[\s:]/g, '').toLowerCase();
  if (pinned !== undefined && pinned !== '') {
    if (pinned === seen.sha256) return;
    throw new WinrmError('certificate-changed', `${where(target)} shows another certificate than the one confirmed.`, {
      certificate: seen,
      advice:
        'Ask the administrator of the host whether its certificate was renewed, then confirm the new fingerprint.',
    });
  }
  if (target.tls?.ca !== undefined && socket.authorized) return;
  throw new WinrmError('certificate-unknown', `${where(target)} shows a certificate that nobody has confirmed.`, {
    certificate: seen,
    advice: 'Compare the fingerprint with the one on the host, then confirm it, or give the CA that issued it.',
  });
}

/** Opens TCP, and TLS on HTTPS, and checks the certificate before a byte of HTTP is sent. */
export function openSocket(target: SocketTarget, signal: AbortSignal): Promise<OpenSocket> {
  const timeoutMs = target.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS;
  return withDeadline({ signal, timeoutMs, what: `Connecting to ${where(target)}` }, async (inner) => {
    const socket = await connectTcp(target, inner);
    if (target.scheme === 'http') return { socket, certificate: undefined };
    const secure = await connectTls(target, socket, inner);
    try {
      const { der, seen } = describe(secure);
      checkCertificate(target, secure, seen);
      return { socket: secure, certificate: der };
    } catch (error) {
      secure.destroy();
      throw error;
    }
  });
}

/**
 * Looks at the certificate of a host for the confirmation at first use; sends no credentials.
 * Throws `connect-refused`, `timeout`, `tls-failed` …
 */
export function observeCertificate(
  host: string,
  port: number,
  options: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<ObservedCertificate> {
  const target: SocketTarget = { host, port, scheme: 'https' };
  return withDeadline({ ...options, what: `Reading the certificate of ${where(target)}` }, async (inner) => {
    const secure = await connectTls(target, await connectTcp(target, inner), inner);
    try {
      return describe(secure).seen;
    } finally {
      secure.destroy();
    }
  });
}
