/** Everything that can go wrong between this computer and a Windows host, as a closed list. */
export type WinrmErrorKind =
  /** Nothing listens on the port, or the host refused the connection. */
  | 'connect-refused'
  /** No route, or the network said that the host cannot be reached. */
  | 'unreachable'
  /** No answer within the time allowed. */
  | 'timeout'
  /** The connection ended in the middle. */
  | 'link-cut'
  /** The name does not resolve. */
  | 'host-not-found'
  /** The host refused the user name or password. */
  | 'login-refused'
  /** The host knows the account but does not let it do this. */
  | 'access-denied'
  /** HTTPS without a pinned fingerprint or CA, or a certificate that the CA does not vouch for. */
  | 'certificate-unknown'
  /** The certificate is not the pinned one. */
  | 'certificate-changed'
  /** TLS could not be negotiated. */
  | 'tls-failed'
  /** The host does not offer a way to log in that this client speaks (or is allowed to use). */
  | 'auth-not-offered'
  /** The host answered with a WS-Management fault; see `wsmanCode`. */
  | 'fault'
  /** The host answered something that is not valid HTTP, NTLM, SOAP or WS-Management. */
  | 'protocol'
  /** A file did not arrive whole; nothing is left of it on the host unless `shellMayRemain`. */
  | 'transfer-failed'
  /** More output than the caller allowed. */
  | 'output-limit'
  /** This client's own queue is full, or the object has been closed. */
  | 'busy'
  /** The caller aborted. */
  | 'aborted';

/** What is known of a host's certificate. `sha256` is lower-case hex of the DER certificate. */
export interface ObservedCertificate {
  readonly sha256: string;
  readonly subject: string;
  /** ISO 8601, UTC; empty when the certificate's own text could not be read as a date. */
  readonly notAfter: string;
}

export interface WinrmErrorDetails {
  /** The number of a WS-Management or Windows fault. */
  readonly wsmanCode?: number | undefined;
  readonly httpStatus?: number | undefined;
  /** What an operator can do, one or two sentences. */
  readonly advice?: string | undefined;
  readonly certificate?: ObservedCertificate | undefined;
  /** True when a shell may still be open on the host: it ends by its own idle timeout. */
  readonly shellMayRemain?: boolean | undefined;
  readonly cause?: unknown;
}

/** The only error that this client throws. Messages never contain a password, a key or the text of a script. */
export class WinrmError extends Error {
  override readonly name = 'WinrmError';
  readonly kind: WinrmErrorKind;
  readonly wsmanCode: number | undefined;
  readonly httpStatus: number | undefined;
  readonly advice: string | undefined;
  readonly certificate: ObservedCertificate | undefined;
  readonly shellMayRemain: boolean;

  constructor(kind: WinrmErrorKind, message: string, details: WinrmErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.wsmanCode = details.wsmanCode;
    this.httpStatus = details.httpStatus;
    this.advice = details.advice;
    this.certificate = details.certificate;
    this.shellMayRemain = details.shellMayRemain ?? false;
  }

  /** The same error, saying whether a shell may still be open on the host. */
  withShellMayRemain(shellMayRemain: boolean): WinrmError {
    if (shellMayRemain === this.shellMayRemain) return this;
    const { wsmanCode, httpStatus, advice, certificate, cause } = this;
    const details = { wsmanCode, httpStatus, advice, certificate, cause, shellMayRemain };
    return new WinrmError(this.kind, this.message, details);
  }
}

/** True when a request may have had its effect although its answer did not arrive. */
export function answerLost(error: unknown): error is WinrmError {
  return error instanceof WinrmError && ['timeout', 'link-cut', 'aborted', 'protocol'].includes(error.kind);
}

/** The error of an aborted signal. */
export function abortedError(signal: AbortSignal): WinrmError {
  const reason: unknown = signal.reason;
  return reason instanceof WinrmError
    ? reason
    : new WinrmError('aborted', 'The operation was cancelled.', { cause: reason });
}
