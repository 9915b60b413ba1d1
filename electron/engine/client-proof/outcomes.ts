import type { ClientOutcome } from '#shared/domain/direct-routing/client';
import type { ClientSeen } from './types';

const words: Readonly<Record<ClientOutcome, string>> = {
  ok: 'ok',
  refused: 'refused',
  timeout: 'timed out',
  unreachable: 'unreachable',
  reset: 'reset',
  rejected: 'rejected',
  'not-understood': 'not understood',
};

const byCode: Readonly<Record<string, ClientOutcome>> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EACCES: 'unreachable',
  EPERM: 'unreachable',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ECONNABORTED: 'reset',
};

/** The outcome that an error of a socket stands for. */
export function outcomeOfError(error: unknown): ClientOutcome {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return byCode[code] ?? 'reset';
}

/** A result without an answer. */
export function failed(
  outcome: ClientOutcome,
  detail: string | null = null,
  word: string = words[outcome],
): ClientSeen {
  return { outcome, word: plain(word, 120), ms: null, certificate: null, detail: detail && plain(detail, 1_000) };
}

/** Text from a peer as it may be shown: no control characters, not longer than asked for. */
export function plain(said: string, most: number): string {
  return said
    .replace(/\p{Cc}+/gu, ' ')
    .slice(0, most)
    .trim();
}
