import type { ScriptEvent, ScriptFailure } from '#shared/domain/direct-routing/index';
import { EvenkeelError, type ErrorCode, type ErrorDetails } from '#shared/errors';

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
