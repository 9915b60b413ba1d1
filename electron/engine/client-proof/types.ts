import type { Socket } from 'node:net';
import type { ClientOutcome, ClientProbe } from '#shared/domain/direct-routing/client';

/** Application entity titles of an association. */
export interface Titles {
  readonly called: string;
  readonly calling: string;
}

/** One port to be asked as a client would ask it. */
export interface ClientTarget {
  /** An IPv4 or IPv6 address. */
  readonly address: string;
  readonly port: number;
  readonly probe: ClientProbe;
  readonly titles: Titles;
}

export interface ShownCertificate {
  /** Of the DER; lower-case hex. */
  readonly sha256: string;
  readonly subject: string;
  readonly issuer: string;
  /** Milliseconds since 1970. */
  readonly notAfter: number;
}

/** What a client saw. */
export interface ClientSeen {
  readonly outcome: ClientOutcome;
  /** Short, for example `C-ECHO ok`, `refused`, `200`. */
  readonly word: string;
  /** Milliseconds from the first packet to the whole answer; `null` where there was none. */
  readonly ms: number | null;
  readonly certificate: ShownCertificate | null;
  /** One sentence more, where there is more to say. */
  readonly detail: string | null;
}

export interface Limits {
  /** Until the connection stands. A host that is not there answers nothing at all. */
  readonly connectMs: number;
  /** From the connection to the whole answer. */
  readonly answerMs: number;
}

export const usualLimits: Limits = { connectMs: 3_000, answerMs: 5_000 };

/** Begins a connection; for the practice site, whose addresses are on no wire. `null`: packets for there are lost. */
export type Dial = (address: string, port: number) => Socket | null;
