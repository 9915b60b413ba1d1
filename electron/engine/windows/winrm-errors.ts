import { EvenkeelError, type ErrorCode, type ErrorDetails } from '#shared/errors';
import { WinrmError, knownFault, type FaultMeaning, type WinrmErrorKind } from './winrm/index';

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
  'transfer-failed': 'script_failed',
  'output-limit': 'too_large',
  busy: 'overloaded',
  aborted: 'aborted',
};

/** Faults that say more than the kind of their error. */
const BY_MEANING: Partial<Record<FaultMeaning, ErrorCode>> = {
  quota: 'winrm_quota',
  'account-locked': 'account_locked',
  account: 'login_refused',
  access: 'not_administrator',
  'switched-off': 'winrm_unavailable',
  service: 'winrm_unavailable',
};

/** Where the client itself has nothing better to say. */
const ADVICE: Partial<Record<ErrorCode, string>> = {
  connect_refused: 'Check that WinRM runs on the server and that the port is right.',
  connect_timeout: 'Check the address, the network and firewalls in between.',
  host_unreachable: 'Check the address and the network of this computer.',
  name_not_found: 'Check the name, or use the address.',
  link_cut: 'Try again; the server may be restarting.',
};

const NOT_WINRM: ReadonlySet<number> = new Set([404, 405, 503]);

const remains = 'A remote shell may stay open on the server until its idle timeout.';

function codeOf(error: WinrmError): ErrorCode {
  const known = error.wsmanCode === undefined ? undefined : knownFault(error.wsmanCode);
  const code = known && BY_MEANING[known.meaning];
  if (code !== undefined) return code;
  // What answers on the port is another service, or the front of a WinRM that is stopped.
  if (error.kind === 'protocol' && NOT_WINRM.has(error.httpStatus ?? 0)) return 'winrm_unavailable';
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
