/**
 * The one closed list of error codes. Every error that crosses a boundary carries one of these; views switch on the
 * code and never on text. The text is what happened, in one short sentence without names: unit, step, what was left
 * unchanged and what to do travel in `details`.
 */
export const errorTexts = {
  // calls
  unknown_call: 'There is no call of this name.',
  invalid_argument: 'The arguments of the call are not of its form.',
  invalid_answer: 'The answer of the engine is not of the form its contract promises.',
  deadline: 'The call took longer than its deadline.',
  aborted: 'The call was cancelled.',
  overloaded: 'Too many calls are waiting.',
  internal: 'An unexpected fault in the program. The log has the details under the log id.',
  engine_lost: 'The engine stopped. It is being started again.',
  not_authorised: 'This connection has not shown its token.',
  // what is asked for
  not_found: 'There is nothing under this id.',
  conflict: 'This exists already.',
  unit_locked: 'Another job holds this unit.',
  plan_outdated: 'What was read when the plan was drawn up has changed since.',
  plan_empty: 'There is nothing to change.',
  practice_mixed: 'Practice units and real units cannot be in one inventory.',
  practice_not_running: 'The practice site is not open.',
  desktop_unavailable: 'This needs the desktop program.',
  too_large: 'This is larger than the limit.',
  // storage and secrets
  database_newer: 'The data were written by a newer version of Evenkeel. They were left untouched.',
  database_damaged: 'The database did not pass its integrity check. It was left untouched.',
  database_busy: 'Another Evenkeel uses these data.',
  secrets_unavailable: 'This system offers no keystore that protects secrets.',
  secrets_locked: 'The stored secrets need their passphrase.',
  secret_missing: 'No stored secret fits.',
  local_disk_full: 'This computer has too little free space.',
  file_unreadable: 'The file cannot be read.',
  // reaching a unit
  connect_refused: 'The connection was refused.',
  connect_timeout: 'Nothing answered in time.',
  host_unreachable: 'The address cannot be reached from here.',
  name_not_found: 'The name has no address.',
  link_cut: 'The link was cut.',
  login_refused: 'The login was refused.',
  account_locked: 'The account is locked.',
  host_key_unknown: 'The host key has not been confirmed yet.',
  host_key_changed: 'The host key differs from the pinned one. Someone may be in between.',
  certificate_unknown: 'The certificate has not been confirmed yet.',
  certificate_changed: 'The certificate differs from the pinned one. Someone may be in between.',
  tls_failed: 'No secure connection could be agreed on.',
  permission_denied: 'The account may not do this.',
  channel_unavailable: 'No channel of this unit can do this.',
  command_failed: 'The command failed.',
  answer_not_understood: 'The answer was not understood.',
  unit_unsupported: 'The version of this unit is not supported.',
  remote_disk_full: 'The unit has too little free space.',
  stale_reading: 'The last reading is too old to act on.',
  // availability
  last_healthy_server: 'This would take the last healthy real server of a virtual service.',
  connections_remain: 'Connections were still open when the time to drain was over.',
  // updates
  archive_damaged: 'The archive is damaged.',
  archive_wrong_name: 'The file name is not that of an update archive.',
  archive_version_mismatch: 'The version inside the archive differs from its name.',
  archive_downgrade: 'The archive is not newer than the installed version.',
  pair_not_ready: 'The units of the pair do not agree on which of them carries the traffic.',
  checksum_missing: 'The archive has no checksum.',
  checksum_not_understood: 'The checksum file was not understood.',
  checksum_mismatch: 'The checksum differs from that of the archive.',
  source_changed: 'The file changed while it was being read.',
  upload_damaged: 'What arrived on the unit differs from the archive.',
  form_not_understood: 'The form of the WebUI was not understood.',
  update_failed: 'The unit did not report a completed update.',
  health_not_restored: 'The unit did not return to the state it had before.',
  // Windows servers
  winrm_unavailable: 'The server does not offer WinRM in a way this client can use.',
  winrm_fault: 'WinRM answered with a fault.',
  winrm_quota: 'A WinRM quota of the server is used up.',
  not_administrator: 'The account has no full administrator token on the server.',
  script_failed: 'The script reported a failure.',
  language_restricted: 'PowerShell runs in a constrained language mode on the server.',
  code_blocked: 'A protection program on the server stopped the code that installs the adapter.',
  driver_timeout: 'The driver of the adapter did not answer in time.',
  dead_man_armed: 'The server waits to take an earlier change back by itself.',
  dead_man_fired: 'The server took the change back by itself: no confirmation came in time.',
  address_conflict: 'The address is in use elsewhere.',
  proof_failed: 'What was read afterwards is not what the plan promised.',
} as const satisfies Record<string, string>;

export type ErrorCode = keyof typeof errorTexts;

/** What goes with a code. Values are shown to people and filed in records: never a secret. */
export interface ErrorDetails {
  /** The unit's name as the inventory shows it. */
  readonly unit?: string;
  /** The step or channel at which it happened, for example `upload` or `SSH login`. */
  readonly step?: string;
  /** What was left as it was. */
  readonly unchanged?: string;
  /** What a person can do next. */
  readonly advice?: string;
  /** Under which the log has more. */
  readonly logId?: string;
  readonly [key: string]: string | number | boolean | null | readonly string[] | undefined;
}

/** An error as it crosses a boundary. */
export interface ErrorShape {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: ErrorDetails;
}

/** A failure that was expected to be possible. `message` defaults to the code's text. */
export class EvenkeelError extends Error {
  override readonly name = 'EvenkeelError';
  constructor(
    readonly code: ErrorCode,
    readonly details: ErrorDetails = {},
    message: string = errorTexts[code],
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }

  toShape(): ErrorShape {
    return { code: this.code, message: this.message, details: this.details };
  }

  /** The same error with details added; those already present stay. */
  with(details: ErrorDetails): EvenkeelError {
    return new EvenkeelError(this.code, { ...details, ...this.details }, this.message, { cause: this.cause });
  }
}

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorTexts, value);
}
