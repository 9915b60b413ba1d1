import type { TLSSocket } from 'node:tls';
import { plain } from './outcomes';
import type { ShownCertificate } from './types';

/** The peer's own certificate, as it showed it; `null` where it showed none. */
export function shownCertificate(socket: TLSSocket): ShownCertificate | null {
  const shown = socket.getPeerX509Certificate();
  if (shown === undefined) return null;
  const notAfter = Date.parse(shown.validTo);
  return {
    sha256: shown.fingerprint256.replaceAll(':', '').toLowerCase(),
    subject: oneLine(shown.subject),
    issuer: oneLine(shown.issuer),
    notAfter: Number.isNaN(notAfter) || notAfter < 0 ? 0 : notAfter,
  };
}

/** Node gives one name a line. A certificate without a subject is allowed. */
function oneLine(names: string | undefined): string {
  return plain((names ?? '').split('\n').join(', '), 500);
}
