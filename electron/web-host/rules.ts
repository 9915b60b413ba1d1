import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Is the request for this host, as its own page would make it? A rebound name or another origin is refused. */
export function isOwnRequest(request: IncomingMessage, port: number): boolean {
  const { host, origin } = request.headers;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (host === undefined || !hosts.includes(host)) return false;
  return origin === undefined || origin === `http://${host}`;
}

/** Compares two tokens in a time that does not depend on where they differ. */
export function sameToken(given: string, wanted: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(wanted);
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The token of an `Authorization: Bearer` header; never from a cookie, since cookies are not bound to a port. */
export function bearerToken(request: IncomingMessage): string | null {
  const match = /^Bearer ([A-Za-z0-9_-]+)$/.exec(request.headers.authorization ?? '');
  return match?.[1] ?? null;
}

/** Headers of every answer: nothing from elsewhere is loaded, nothing is framed, nothing is guessed. */
export const securityHeaders = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
} as const;
