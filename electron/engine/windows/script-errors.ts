import type { ScriptEvent, ScriptFailure } from '#shared/domain/direct-routing/index';
import { EvenkeelError, type ErrorCode, type ErrorDetails } from '#shared/errors';

/** Failures with a code of their own; the others are failures of the script. */
const codes: Readonly<Partial<Record<ScriptFailure, ErrorCode>>> = {
  not_administrator: 'not_administrator',
  address_conflict: 'address_conflict',
  language_mode: 'language_restricted',
  add_type_blocked: 'code_blocked',
  install_timeout: 'driver_timeout',
  dead_man_fired: 'dead_man_fired',
  dead_man_armed: 'dead_man_armed',
};

const restrictedAdvice =
  'PowerShell runs in a constrained language mode here. Ask for an exception or apply the fix by hand.';

const advice: Readonly<Partial<Record<ScriptFailure, string>>> = {
  language_mode: restrictedAdvice,
  not_64_bit: 'Use the 64-bit WinRM endpoint of the server.',
  adapter_not_found: 'The adapters changed since the plan was drawn up. Read the server again.',
  adapter_ambiguous: 'The adapters changed since the plan was drawn up. Read the server again.',
  install_failed:
    'The end of setupapi.dev.log is in the reason. Install the adapter by hand with hdwwiz, then plan again.',
  add_type_blocked: 'Ask for an exception for the script, or install the adapter by hand with hdwwiz, then plan again.',
  dead_man_fired: 'Read the server again: its network should be as before the change. Draw up a new plan.',
  dead_man_armed:
    'Another job, perhaps of another computer, changed this server and has not confirmed it. Wait until it ends, or until the time named, then plan again.',
  install_timeout: 'The driver did not answer within 120 s. Look at the server before trying again.',
  address_not_preferred: 'Windows did not accept the address in time. Read the server again.',
};

/** What a script said when it gave up. */
export function fromScript(event: Extract<ScriptEvent, { event: 'error' }>, details: ErrorDetails): EvenkeelError {
  const code = codes[event.code] ?? 'script_failed';
  const what = advice[event.code];
  return new EvenkeelError(code, {
    ...details,
    operation: event.operation,
    failure: event.code,
    reason: event.message.slice(0, 4_000),
    ...(what !== undefined && { advice: what }),
  });
}

/**
 * A script that PowerShell itself would not run: in a constrained language mode its first method call is refused, and
 * antivirus may refuse the whole text [D]. The names of the errors are the same in every language. `null` when it is
 * something else.
 */
export function restricted(stderr: string, details: ErrorDetails): EvenkeelError | null {
  // The console's width may break a line anywhere.
  const text = stderr.replaceAll(/\s/g, '');
  const reason = stderr.slice(0, 4_000);
  if (text.includes('ScriptContainedMaliciousContent')) {
    return new EvenkeelError('code_blocked', { ...details, reason, advice: advice.add_type_blocked ?? '' });
  }
  if (!text.includes('ConstrainedLanguage')) return null;
  return new EvenkeelError('language_restricted', { ...details, reason, advice: restrictedAdvice });
}
