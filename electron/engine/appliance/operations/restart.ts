import { EvenkeelError } from '#shared/errors';
import { firstThatAnswers, type Attempt, type Channels } from '../channels/channels';
import { parseMessages } from '../parsers/webui-messages';
import type { CommandOutcome, RestartPrompt } from '../types';
import { refuseFailure, runLbcli } from './lbcli';

/** Actions of lbcli for services [V]. Others can only be restarted by the WebUI. */
const restartable = ['ldirectord', 'haproxy', 'heartbeat', 'stunnel', 'snmp', 'firewall', 'syslog', 'collectd', 'waf'];
const reloadable = ['ldirectord', 'haproxy', 'heartbeat', 'stunnel', 'apache', 'syslog', 'waf'];
const restartPage = '/lbadmin/config/restart.php?mnp=maint&submnp=mrs'; // [V]

/** Restarts or reloads a service by lbcli where it knows it, else by the WebUI. */
export async function restartService(
  channels: Channels,
  { service, kind }: Pick<RestartPrompt, 'service' | 'kind'>,
  signal: AbortSignal,
): Promise<CommandOutcome> {
  const { unit, webui } = channels;
  const step = `${kind} ${service}`;
  if (!/^[a-z0-9_.-]{1,40}$/i.test(service)) throw new EvenkeelError('invalid_argument', { unit, step: kind });
  const attempts: Attempt<CommandOutcome>[] = [];
  if ((kind === 'restart' ? restartable : reloadable).includes(service) && (channels.ssh ?? channels.api)) {
    const run = async (): Promise<CommandOutcome> => {
      const answer = refuseFailure(unit, step, await runLbcli(channels, { action: `${kind}-${service}` }, signal));
      return { via: answer.via, text: answer.text };
    };
    attempts.push({ via: 'ssh', run });
  }
  if (webui) {
    const run = async (): Promise<CommandOutcome> => {
      const page = await webui.postForm(restartPage, { [kind]: service }, step, 120_000, signal);
      const messages = parseMessages(page);
      const failed = messages.find((message) => message.kind === 'error');
      if (failed) throw new EvenkeelError('command_failed', { unit, step, said: failed.text.slice(0, 300) });
      return { via: 'webui', text: messages.map(({ text }) => text).join(' ') };
    };
    attempts.push({ via: 'webui', run });
  }
  return firstThatAnswers(unit, step, attempts);
}

/** Restarts the whole unit. The link may end before an answer comes: that is what a restart looks like from outside. */
export async function restartAppliance(channels: Channels, signal: AbortSignal): Promise<CommandOutcome> {
  const step = 'restart the appliance';
  try {
    const answer = await runLbcli(channels, { action: 'power', function: 'restart' }, signal);
    refuseFailure(channels.unit, step, answer);
    return { via: answer.via, text: answer.text };
  } catch (error) {
    if (error instanceof EvenkeelError && error.code === 'link_cut' && error.details.step === 'lbcli power') {
      return { via: channels.ssh ? 'ssh' : 'api', text: 'The link ended while the unit went down.' };
    }
    throw error;
  }
}
