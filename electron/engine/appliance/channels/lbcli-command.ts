import { applianceLabelRule, isApplianceLabel } from '#shared/domain/appliance/labels';
import { EvenkeelError } from '#shared/errors';
import { quoteShellWord } from '../quote';
import type { LbcliCall } from '../types';

/** [V] */
const lbcliPath = '/usr/local/sbin/lbcli';
const optionName = /^[a-z][a-z0-9_]{0,40}$/;
const labelOptions = new Set(['vip', 'rip']);

/** The actions of one lbcli call with labels and option names checked. Throws `invalid_argument`. */
export function checkLbcliCall(call: LbcliCall): LbcliCall {
  for (const [name, value] of Object.entries(call)) {
    if (!optionName.test(name)) {
      throw new EvenkeelError('invalid_argument', { step: 'lbcli', option: name.slice(0, 60) });
    }
    if (labelOptions.has(name) && !isApplianceLabel(value)) {
      throw new EvenkeelError('invalid_argument', {
        step: 'lbcli',
        option: name,
        advice: `A label is ${applianceLabelRule}.`,
      });
    }
  }
  return call;
}

/**
 * The command line of an lbcli call. Root needs no sudo; any other account goes through `sudo -n`, which never asks
 * [T]. `--method api` asks for JSON [V].
 */
export function lbcliCommand(call: LbcliCall, username: string): string {
  const { action, ...options } = checkLbcliCall(call);
  const words = [lbcliPath, '--action', quoteShellWord(action)];
  for (const [name, value] of Object.entries(options)) words.push(`--${name}`, quoteShellWord(value));
  words.push('--method', 'api');
  return username === 'root' ? words.join(' ') : ['sudo', '-n', ...words].join(' ');
}
