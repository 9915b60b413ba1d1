import type { ScriptEvent, ScriptFailure } from '#shared/domain/direct-routing/index';
import { EvenkeelError, type ErrorCode, type ErrorDetails } from '#shared/errors';
import { WinrmError, type WinrmErrorKind } from './winrm/index';

const codes: Readonly<Record<WinrmErrorKind, ErrorCode>> = {
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

/** ERROR_ACCOUNT_LOCKED_OUT is 1909 [D]. */
const accountLocked = 1909;
/** Faults of shells, operations, users, processes and memory, by the numbers of wsmerror.h. */
const quotas: readonly number[] = [
  8, 14, 2147942414, 2150859173, 2150859174, 2150859175, 2150859176, 2150859179, 2150859236, 2150859237, 2150859238,
  2150859239, 2150859240, 2150859241,
];

/** A failure between this computer and the server, in the product's own words. Other errors stay what they are. */
export function fromWinrm(error: unknown, details: ErrorDetails): unknown {
  if (!(error instanceof WinrmError)) return error;
  return new EvenkeelError(
    codeOf(error),
    {
      ...details,
      ...(error.advice !== undefined && { advice: error.advice }),
      ...(error.wsmanCode !== undefined && { fault: error.wsmanCode }),
      ...(error.certificate !== undefined && { seenCertificate: error.certificate.sha256 }),
      ...(error.shellMayRemain && { remains: 'A remote shell may stay open on the server until its idle timeout.' }),
      reason: error.message,
    },
    undefined,
    { cause: error },
  );
}

function codeOf(error: WinrmError): ErrorCode {
  if (error.wsmanCode === accountLocked) return 'account_locked';
  if (error.wsmanCode !== undefined && quotas.includes(error.wsmanCode)) return 'winrm_quota';
  return codes[error.kind];
}

const advice: Readonly<Partial<Record<ScriptFailure, string>>> = {
  language_mode: 'PowerShell runs in a constrained language mode here. Ask for an exception or apply the fix by hand.',
  not_64_bit: 'Use the 64-bit WinRM endpoint of the server.',
  adapter_not_found: 'The adapters changed since the plan was drawn up. Read the server again.',
  adapter_ambiguous: 'The adapters changed since the plan was drawn up. Read the server again.',
  install_failed:
    'The end of setupapi.dev.log is in the reason. Install the adapter by hand with hdwwiz, then plan again.',
  install_timeout: 'The driver did not answer within 120 s. Look at the server before trying again.',
  address_not_preferred: 'Windows did not accept the address in time. Read the server again.',
};

/** What a script said when it gave up. */
export function fromScript(event: Extract<ScriptEvent, { event: 'error' }>, details: ErrorDetails): EvenkeelError {
  const code: ErrorCode =
    event.code === 'not_administrator'
      ? 'not_administrator'
      : event.code === 'address_conflict'
        ? 'address_conflict'
        : 'script_failed';
  const what = advice[event.code];
  return new EvenkeelError(code, {
    ...details,
    operation: event.operation,
    failure: event.code,
    reason: event.message.slice(0, 4_000),
    ...(what !== undefined && { advice: what }),
  });
}
