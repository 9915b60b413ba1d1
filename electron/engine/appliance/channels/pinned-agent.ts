import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { connect as tlsConnect, type TLSSocket } from 'node:tls';
import { Agent, buildConnector } from 'undici';
import { EvenkeelError } from '#shared/errors';
import type { Where } from '../deadline';
import { networkFailure } from './failures';

export interface HttpsEndpoint {
  readonly unit: string;
  readonly host: string;
  readonly port: number;
  /** SHA-256 of the certificate (DER) in lower-case hex; `null`: not confirmed yet, so nothing is sent. */
  readonly certificatePin: string | null;
  readonly connectTimeoutMs: number;
}

/** A certificate as it was shown. */
export interface SeenCertificate {
  readonly sha256: string;
  readonly subject: string;
  readonly selfSigned: boolean;
  /** For example `TLSv1.3`. */
  readonly protocol: string;
}

/** The default certificate of a unit is self-signed [G]: trust rests on the pin alone, so chains are not judged. */
const tlsOptions = { rejectUnauthorized: false, minVersion: 'TLSv1.2' } as const;

function certificateOf(socket: TLSSocket): SeenCertificate {
  const certificate = socket.getPeerCertificate(false);
  const own = (name: string | string[] | undefined): string => (Array.isArray(name) ? name.join(' ') : (name ?? ''));
  return {
    sha256: createHash('sha256').update(certificate.raw).digest('hex'),
    subject: own(certificate.subject.CN),
    selfSigned: JSON.stringify(certificate.issuer) === JSON.stringify(certificate.subject),
    protocol: socket.getProtocol() ?? '',
  };
}

/** The error of a certificate that is not the pinned one; `null` when it is. */
export function checkCertificate(seen: SeenCertificate, pin: string | null, where: Where): EvenkeelError | null {
  if (pin !== null && pin.toLowerCase().replaceAll(':', '') === seen.sha256) return null;
  const details = { ...where, step: 'certificate', fingerprint: seen.sha256, unchanged: 'No login was tried.' };
  return pin === null
    ? new EvenkeelError('certificate_unknown', { ...details, advice: 'Compare the fingerprint with the unit’s own.' })
    : new EvenkeelError('certificate_changed', {
        ...details,
        pinned: pin,
        advice: 'Do not log in. Find out on the unit’s console whether its certificate was replaced.',
      });
}

/** Connections that compare the certificate before the first byte of a request leaves this computer. */
export function pinnedAgent(endpoint: HttpsEndpoint, where: Where): Agent {
  // Without a session cache every connection shows its certificate again.
  const connector = buildConnector({ ...tlsOptions, timeout: endpoint.connectTimeoutMs, maxCachedSessions: 0 });
  return new Agent({
    connections: 4,
    keepAliveTimeout: 20_000,
    headersTimeout: 0, // each request has its own deadline
    bodyTimeout: 0,
    connect: (options, callback) => {
      connector(options, (error, socket) => {
        if (error) return callback(error, null);
        const wrong = checkCertificate(certificateOf(socket as TLSSocket), endpoint.certificatePin, where);
        if (!wrong) return callback(null, socket);
        socket.destroy();
        callback(wrong, null);
      });
    },
  });
}

/** Shakes hands with a TLS server, takes its certificate and hangs up. Nothing is sent. */
export async function lookAtCertificate(endpoint: HttpsEndpoint, signal: AbortSignal): Promise<SeenCertificate> {
  const where: Where = { unit: endpoint.unit, step: 'WebUI connection' };
  return new Promise<SeenCertificate>((resolve, reject) => {
    const { host, port } = endpoint;
    const socket = tlsConnect({ ...tlsOptions, host, port, ...(isIP(host) ? {} : { servername: host }) });
    const finish = (settle: () => void): void => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      settle();
    };
    const onAbort = (): void => finish(() => reject(networkFailure(signal.reason, where, 'aborted')));
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('secureConnect', () => {
      const seen = certificateOf(socket); // gone once the socket is closed
      finish(() => resolve(seen));
    });
    socket.once('error', (error) => finish(() => reject(networkFailure(error, where, 'tls_failed'))));
    socket.once('close', () => finish(() => reject(new EvenkeelError('link_cut', { ...where }))));
    if (signal.aborted) onAbort();
  });
}
