import { EvenkeelError } from '#shared/errors';
import { firstThatAnswers, type Attempt, type Channels } from '../channels/channels';
import { lbcliCommand } from '../channels/lbcli-command';
import { parseLbcli } from '../parsers/lbcli';
import type { LbcliAnswer, LbcliCall, RealServerRef } from '../types';

const timeoutMs = 30_000;
const maxBytes = 16_000_000;

/** One lbcli call over SSH, or over the API where there is no SSH. The exit status is not looked at: it is 0 even on failure [T]. */
export async function runLbcli(channels: Channels, call: LbcliCall, signal: AbortSignal): Promise<LbcliAnswer> {
  const { ssh, api, unit } = channels;
  const step = `lbcli ${call.action}`;
  const attempts: Attempt<LbcliAnswer>[] = [];
  if (ssh) {
    const run = async (): Promise<LbcliAnswer> => {
      const result = await ssh.exec(lbcliCommand(call, ssh.username), { step, timeoutMs, maxBytes }, signal);
      if (result.exitCode === 126 || result.exitCode === 127) {
        throw new EvenkeelError('channel_unavailable', { unit, step, advice: 'lbcli was not found on the unit.' });
      }
      if (/^sudo: /m.test(result.stderr) && result.stdout.trim() === '') {
        throw new EvenkeelError('permission_denied', {
          unit,
          step,
          advice: 'Allow this account to run lbcli by sudo.',
        });
      }
      return { via: 'ssh', ...named(unit, step, `${result.stdout}${result.stdout.trim() ? '' : result.stderr}`) };
    };
    attempts.push({ via: 'ssh', run });
  }
  if (api) {
    const run = async (): Promise<LbcliAnswer> => ({
      via: 'api',
      ...named(unit, step, await api.call([call], step, timeoutMs, signal)),
    });
    attempts.push({ via: 'api', run });
  }
  return firstThatAnswers(unit, step, attempts);
}

function named(unit: string, step: string, text: string): Omit<LbcliAnswer, 'via'> {
  try {
    return parseLbcli(text);
  } catch (error) {
    throw error instanceof EvenkeelError ? new EvenkeelError(error.code, { ...error.details, unit, step }) : error;
  }
}

/**
 * Drain, halt or online of one real server in one virtual service. `exists` counts as done; `failed`, `missing` and
 * `fatal` throw. `unknown` is returned: read the state again.
 */
export async function setServerState(
  channels: Channels,
  action: 'drain' | 'halt' | 'online',
  { vip, rip }: RealServerRef,
  signal: AbortSignal,
): Promise<LbcliAnswer> {
  const answer = await runLbcli(channels, { action, vip, rip }, signal);
  return refuseFailure(channels.unit, `${action} ${rip} in ${vip}`, answer);
}

/** Throws for a status that says the action was not done. */
export function refuseFailure(unit: string, step: string, answer: LbcliAnswer): LbcliAnswer {
  if (answer.status === 'missing') {
    throw new EvenkeelError('not_found', { unit, step, said: answer.text, unchanged: 'The unit changed nothing.' });
  }
  if (answer.status === 'failed' || answer.status === 'fatal') {
    throw new EvenkeelError('command_failed', { unit, step, said: answer.text, advice: 'Read the state again.' });
  }
  return answer;
}
