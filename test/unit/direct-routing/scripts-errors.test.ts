import { describe, expect, it } from 'vitest';
import { fromScript, restricted } from '#engine/windows/script-errors';
import { constrainedError } from '#engine/practice-site/windows-model/clixml-error';

const where = { unit: 'ICA-APP02', step: 'ensure-device' };

describe('what a script says when it gives up', () => {
  it.each([
    ['not_administrator', 'not_administrator'],
    ['address_conflict', 'address_conflict'],
    ['language_mode', 'language_restricted'],
    ['add_type_blocked', 'code_blocked'],
    ['install_timeout', 'driver_timeout'],
    ['dead_man_fired', 'dead_man_fired'],
    ['adapter_ambiguous', 'script_failed'],
  ] as const)('%s is told as %s, with the words of the server', (failure, code) => {
    const event = {
      event: 'error' as const,
      operation: 'ensure-device',
      code: failure,
      message: 'so it says',
      line: 7,
    };
    expect(fromScript(event, where).toShape()).toMatchObject({
      code,
      details: { ...where, failure, reason: 'so it says', operation: 'ensure-device' },
    });
  });
});

describe('a script that PowerShell or antivirus refused as a whole', () => {
  it('is known by the name of the error, wherever the console broke the line', () => {
    expect(restricted(constrainedError(), where)?.code).toBe('language_restricted');
    const broken = 'FullyQualifiedErrorId : MethodInvocationNotSupportedInConstra\r\n    inedLanguage';
    expect(restricted(broken, where)?.code).toBe('language_restricted');
    const stopped = '    + FullyQualifiedErrorId : ScriptContainedMaliciousContent';
    expect(restricted(stopped, where)?.toShape()).toMatchObject({ code: 'code_blocked', details: where });
    expect(restricted('Access is denied.', where)).toBeNull();
  });
});
