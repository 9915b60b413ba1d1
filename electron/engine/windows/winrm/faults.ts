import { WinrmError, type WinrmErrorKind } from './errors';

/** The host has no output yet: ask again. */
export const FAULT_OPERATION_TIMEOUT = 2150858793;
/** The shell or command is gone already. */
export const FAULT_SHELL_NOT_FOUND = 2150858843;
/** Too many shells of this user. */
export const FAULT_SHELL_QUOTA = 2150859173;
export const FAULT_ACCESS_DENIED = 5;

interface KnownFault {
  readonly kind: WinrmErrorKind;
  readonly advice: string;
}

function fault(advice: string, kind: WinrmErrorKind = 'fault'): KnownFault {
  return { kind, advice };
}

const NOT_ADMINISTRATOR = fault(
  'The account is not an administrator of the host, or its token is filtered: a local administrator other than the ' +
    'built-in one needs LocalAccountTokenFilterPolicy set to 1. A domain administrator is not affected.',
  'access-denied',
);
const SHELLS = fault(
  'Too many remote shells of this account are open on the host (MaxShellsPerUser). They end when idle; close other ' +
    'remote sessions of the account or raise the limit.',
);
const OPERATIONS = fault(
  'Too many remote operations of this account are under way on the host (MaxConcurrentOperationsPerUser). Wait for ' +
    'them to end or raise the limit.',
);
const USERS = fault(
  'Too many accounts use remote shells on the host (MaxConcurrentUsers). Try again later or raise the limit.',
);
const MEMORY = fault(
  'The host has no memory left for a remote shell (MaxMemoryPerShellMB). Raise the limit or free memory.',
);
const ACCOUNT = (text: string): KnownFault => fault(text, 'login-refused');

// Numbers of wsmerror.h and winerror.h as hosts report them in WSManFault/@Code.
const KNOWN: ReadonlyMap<number, KnownFault> = new Map([
  [FAULT_ACCESS_DENIED, NOT_ADMINISTRATOR],
  [0x80070005, NOT_ADMINISTRATOR],
  [8, MEMORY],
  [14, MEMORY],
  [0x8007000e, MEMORY],
  [206, fault('The command line is too long for the host.')],
  [1326, ACCOUNT('The user name or the password is wrong.')],
  [1331, ACCOUNT('The account is disabled.')],
  [1907, ACCOUNT('The password of the account must be changed before it can be used.')],
  [1909, ACCOUNT('The account is locked.')],
  [FAULT_OPERATION_TIMEOUT, fault('The host did not finish the operation in the time allowed.')],
  [
    FAULT_SHELL_NOT_FOUND,
    fault('The remote shell was closed by the host: it was idle for too long or the service was restarted.'),
  ],
  [FAULT_SHELL_QUOTA, SHELLS],
  [2150859236, SHELLS],
  [2150859238, SHELLS],
  [2150859174, OPERATIONS],
  [2150859239, OPERATIONS],
  [2150859240, OPERATIONS],
  [2150859241, fault('Too many processes were started in one remote shell (MaxProcessesPerShell). Raise the limit.')],
  [2150859175, fault('The account has used up its share of requests on the host. Try again later.')],
  [2150859176, fault('The host is handling too many requests. Try again later.')],
  [2150859179, USERS],
  [2150859237, USERS],
  [2150859180, fault('Remote shells are switched off on the host (AllowRemoteShellAccess).', 'access-denied')],
]);

/** The typed error of a WS-Management fault, with advice for the numbers that are known. */
export function faultError(code: number | undefined, text: string, httpStatus: number): WinrmError {
  const known = code === undefined ? undefined : KNOWN.get(code);
  const number = code === undefined ? '' : ` (${String(code)})`;
  return new WinrmError(known?.kind ?? 'fault', `The host refused: ${text || 'no reason given'}${number}`, {
    wsmanCode: code,
    httpStatus,
    advice: known?.advice,
  });
}

/** True for an error that carries this fault number. */
export function isFault(error: unknown, code: number): boolean {
  return error instanceof WinrmError && error.wsmanCode === code;
}
