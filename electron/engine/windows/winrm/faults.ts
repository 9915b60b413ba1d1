import { Advice } from './advice';
import { WinrmError, type WinrmErrorKind } from './errors';
import { windowsNumber } from './status-numbers';

/** The host has no output yet: ask again. */
export const FAULT_OPERATION_TIMEOUT = 2150858793;
/** The shell or command is gone already. */
export const FAULT_SHELL_NOT_FOUND = 2150858843;
/** Too many shells of this user. */
export const FAULT_SHELL_QUOTA = 2150859173;
export const FAULT_ACCESS_DENIED = 5;

/** What a fault means for whoever started the call. */
export type FaultMeaning =
  /** A share of shells, processes, operations, users or memory is used up. */
  | 'quota'
  /** The account may not do this. */
  | 'access'
  /** Remote shells or remote access are switched off on the host. */
  | 'switched-off'
  /** The account or its password is not accepted. */
  | 'account'
  /** The account is locked. */
  | 'account-locked'
  /** The shell or its command is gone. */
  | 'shell-gone'
  /** Nothing came in the time allowed. */
  | 'late'
  /** The WinRM service of the host is set up in a way that stands in between, or is not healthy. */
  | 'service'
  /** The host did not accept the message: a fault of this client or of what it was told to send. */
  | 'request';

export interface KnownFault {
  readonly meaning: FaultMeaning;
  readonly advice: string;
}

const group = (meaning: FaultMeaning, advice: string, numbers: readonly number[]): [number, KnownFault][] =>
  numbers.map((number) => [number, { meaning, advice }]);

// Numbers of winerror.h (small) and wsmerror.h (0x80338000 and up) as hosts report them in WSManFault/@Code. The names
// of wsmerror.h without ERROR_WSMAN_ stand behind; the numbers are [D].
const KNOWN: ReadonlyMap<number, KnownFault> = new Map([
  ...group('quota', Advice.shells, [
    FAULT_SHELL_QUOTA, // QUOTA_MAX_SHELLS
    2150859236, // QUOTA_MAX_SHELLS_PPQ
    2150859238, // QUOTA_MAX_PLUGINSHELLS_PPQ
  ]),
  ...group('quota', Advice.operations, [
    2150859174, // QUOTA_MAX_OPERATIONS
    2150859239, // QUOTA_MAX_PLUGINOPERATIONS_PPQ
    2150859240, // QUOTA_MAX_OPERATIONS_USER_PPQ
  ]),
  ...group('quota', Advice.users, [
    2150859179, // QUOTA_MAX_SHELLUSERS
    2150859237, // QUOTA_MAX_USERS_PPQ
  ]),
  ...group('quota', Advice.processes, [2150859241]), // QUOTA_MAX_COMMANDS_PER_SHELL_PPQ
  ...group('quota', Advice.share, [2150859175]), // QUOTA_USER
  ...group('quota', Advice.busyHost, [
    2150859176, // QUOTA_SYSTEM
    2150858815, // QUOTA_LIMIT
    2150859242, // QUOTA_MIN_REQUIREMENT_NOT_AVAILABLE_PPQ
  ]),
  // ERROR_NOT_ENOUGH_MEMORY, ERROR_OUTOFMEMORY, ERROR_NOT_ENOUGH_QUOTA, ERROR_NO_SYSTEM_RESOURCES, ERROR_COMMITMENT_LIMIT
  ...group('quota', Advice.memory, [8, 14, 1816, 1450, 1455]),

  ...group('access', Advice.notAdministrator, [
    FAULT_ACCESS_DENIED,
    1314, // ERROR_PRIVILEGE_NOT_HELD
  ]),
  ...group('switched-off', Advice.shellsOff, [2150859180]), // REMOTESHELLS_NOT_ALLOWED
  ...group('switched-off', Advice.remoteOff, [
    2150859229, // SERVICE_REMOTE_ACCESS_DISABLED
    2150859235, // REMOTE_CONNECTION_NOT_ALLOWED
  ]),

  // ERROR_LOGON_FAILURE, ERROR_NO_SUCH_USER, FAILED_AUTHENTICATION
  ...group('account', Advice.wrongPassword, [1326, 1317, 2150858806]),
  ...group('account', Advice.restricted, [1327]), // ERROR_ACCOUNT_RESTRICTION: also a blank password
  ...group('account', Advice.hours, [1328]), // ERROR_INVALID_LOGON_HOURS
  ...group('account', Advice.workstation, [1329]), // ERROR_INVALID_WORKSTATION
  ...group('account', Advice.passwordExpired, [1330]), // ERROR_PASSWORD_EXPIRED
  ...group('account', Advice.disabled, [1331]), // ERROR_ACCOUNT_DISABLED
  ...group('account', Advice.logonRight, [1385]), // ERROR_LOGON_TYPE_NOT_GRANTED
  ...group('account', Advice.accountExpired, [1793]), // ERROR_ACCOUNT_EXPIRED
  ...group('account', Advice.mustChange, [1907]), // ERROR_PASSWORD_MUST_CHANGE
  ...group('account-locked', Advice.locked, [1909]), // ERROR_ACCOUNT_LOCKED_OUT
  ...group('account', Advice.noDomainController, [1311, 1355]), // ERROR_NO_LOGON_SERVERS, ERROR_NO_SUCH_DOMAIN
  ...group('account', Advice.trust, [1786, 1787, 1788, 1789]), // ERROR_NO_TRUST_LSA_SECRET … ERROR_TRUSTED_RELATIONSHIP_FAILURE
  ...group('account', Advice.clock, [1398]), // ERROR_TIME_SKEW
  ...group('account', Advice.ntlmBlocked, [1937]), // ERROR_NTLM_BLOCKED

  ...group('shell-gone', Advice.shellGone, [
    FAULT_SHELL_NOT_FOUND, // UNEXPECTED_SELECTORS
    2150858813, // INVALID_SELECTORS
    2150859082, // SHELL_ALREADY_CLOSED
    2150859230, // SERVICE_STREAM_DISCONNECTED
    2150858904, // SESSION_ALREADY_CLOSED
    995, // ERROR_OPERATION_ABORTED: the service stops
  ]),
  ...group('late', Advice.late, [FAULT_OPERATION_TIMEOUT, 2150859046]), // OPERATION_TIMEDOUT, NETWORK_TIMEDOUT

  ...group('service', Advice.serviceBroken, [
    2150858755, // PROVIDER_FAILURE
    2150858757, // CONFIG_CORRUPTED
    2150858883, // PLUGIN_FAILED
    2150858888, // POLICY_CORRUPTED
    2150858906, // PROVIDER_LOAD_FAILED
    2150859152, // PLUGIN_CONFIGURATION_CORRUPTED
    2150859118, // SHELL_NOT_INITIALIZED
    1053, // ERROR_SERVICE_REQUEST_TIMEOUT
    1062, // ERROR_SERVICE_NOT_ACTIVE
    1115, // ERROR_SHUTDOWN_IN_PROGRESS
  ]),
  ...group('request', Advice.commandLine, [206]), // ERROR_FILENAME_EXCED_RANGE
  ...group('request', Advice.commandMissing, [2]), // ERROR_FILE_NOT_FOUND
  ...group('request', Advice.envelope, [
    2150858823, // MAX_ENVELOPE_SIZE
    2150858824, // MAX_ENVELOPE_SIZE_EXCEEDED
    2150858825, // SERVER_ENVELOPE_LIMIT
    2150858862, // MAXENVELOPE_SIZE_NOT_SUPPORTED
  ]),
  ...group('request', Advice.message, [
    2150858752, // RESOURCE_NOT_FOUND
    2150858753, // INVALID_ACTIONURI
    2150858754, // INVALID_URI
    2150858768, // SOAP_FAULT_MUST_UNDERSTAND
    2150858791, // INVALID_SOAP_BODY
    2150858811, // INVALID_RESOURCE_URI
    2150858817, // SCHEMA_VALIDATION_ERROR
    2150858818, // UNSUPPORTED_FEATURE
    2150858819, // INVALID_XML
    2150858833, // OPTIONS_NOT_SUPPORTED
    2150858834, // OPTIONS_INVALID_NAME
    2150858835, // OPTIONS_INVALID_VALUE
    2150858854, // OPERATION_TIMEOUT_NOT_SUPPORTED
  ]),
]);

const KINDS: Readonly<Partial<Record<FaultMeaning, WinrmErrorKind>>> = {
  access: 'access-denied',
  account: 'login-refused',
  'account-locked': 'login-refused',
};

/** What is known of a fault by its number: one of Windows, of WS-Management, an HRESULT or an NTSTATUS. */
export function knownFault(code: number): KnownFault | undefined {
  return KNOWN.get(windowsNumber(code));
}

/** The typed error of a WS-Management fault, with advice for the numbers that are known. */
export function faultError(code: number | undefined, text: string, httpStatus: number): WinrmError {
  const number = code === undefined ? undefined : windowsNumber(code);
  const known = number === undefined ? undefined : KNOWN.get(number);
  const shown = number === undefined ? '' : ` (${String(number)})`;
  const kind = (known && KINDS[known.meaning]) ?? 'fault';
  return new WinrmError(kind, `The host refused: ${text || 'no reason given'}${shown}`, {
    wsmanCode: number,
    httpStatus,
    advice: known?.advice,
  });
}

/** True for an error that carries this fault number. */
export function isFault(error: unknown, code: number): boolean {
  return error instanceof WinrmError && error.wsmanCode === code;
}
