import { EvenkeelError, type ErrorCode, type ErrorDetails } from '#shared/errors';
import { WinrmError, type WinrmErrorKind } from './winrm/index';

const CODES: Readonly<Record<WinrmErrorKind, ErrorCode>> = {
  'connect-refused': 'connect_refused',
  unreachable: 'host_unreachable',
  timeout: 'connect_timeout',
  'link-cut': 'link_cut',
  'host-not-found': 'name_not_found',
  'login-refused': 'login_refused',
  'access-denied': 'not_administrator',
  'certificate-unknown': 'certificate_unknown',
  'certificate-changed': 'certificate_changed',
  'tls-failed': 'tls_failed',
  'auth-not-offered': 'winrm_unavailable',
  fault: 'winrm_fault',
  protocol: 'answer_not_understood',
  'output-limit': 'too_large',
  busy: 'overloaded',
  aborted: 'aborted',
};

/** Where the client itself has nothing better to say. */
const ADVICE: Partial<Record<ErrorCode, string>> = {
  connect_refused: 'Check that WinRM runs on the server and that the port is right.',
  connect_timeout: 'Check the address, the network and firewalls in between.',
  host_unreachable: 'Check the address and the network of this computer.',
  name_not_found: 'Check the name, or use the address.',
  link_cut: 'Try again; the server may be restarting.',
};

// Numbers of wsmerror.h that mean a used-up quota of shells, operations, users or memory, and winerror.h's locked account.
const QUOTAS: ReadonlySet<number> = new Set([
  8, 14, 0x8007000e, 2150859173, 2150859174, 2150859175, 2150859176, 2150859179, 2150859236, 2150859237, 2150859238,
  2150859239, 2150859240, 2150859241,
]);
const ACCOUNT_LOCKED = 1909;

const remains = 'A remote shell may stay open on the server until its idle timeout.';

function codeOf(error: WinrmError): ErrorCode {
  if (error.wsmanCode === ACCOUNT_LOCKED) return 'account_locked';
  if (error.wsmanCode !== undefined && QUOTAS.has(error.wsmanCode)) return 'winrm_quota';
  // The same 404 or empty 500 that a service without WinRM gives.
  if (error.kind === 'protocol' && error.httpStatus === 404) return 'winrm_unavailable';
  return CODES[error.kind];
}

/**
 * The product's error for a WinRM error; `details` names unit and step. Other errors of the product pass unchanged,
 * anything else is `internal` with its cause kept for the log.
 */
export function toEvenkeelError(error: unknown, details: ErrorDetails): EvenkeelError {
  if (error instanceof EvenkeelError) return error.with(details);
  if (!(error instanceof WinrmError)) return new EvenkeelError('internal', details, undefined, { cause: error });
  const code = codeOf(error);
  const advice = error.advice ?? ADVICE[code];
  return new EvenkeelError(
    code,
    {
      ...(advice === undefined ? {} : { advice }),
      ...details,
      reason: error.message,
      ...(error.wsmanCode === undefined ? {} : { wsmanCode: error.wsmanCode }),
      ...(error.httpStatus === undefined ? {} : { httpStatus: error.httpStatus }),
      ...(error.certificate === undefined
        ? {}
        : {
            fingerprint: error.certificate.sha256,
            subject: error.certificate.subject,
            notAfter: error.certificate.notAfter,
          }),
      ...(error.shellMayRemain ? { shellMayRemain: true, remains } : {}),
    },
    undefined,
    { cause: error },
  );
}
