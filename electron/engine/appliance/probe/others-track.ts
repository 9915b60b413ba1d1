import type { ApplianceTarget } from '#shared/contract/inventory';
import { EvenkeelError } from '#shared/errors';
import { ApiChannel } from '../channels/api';
import type { Channels } from '../channels/channels';
import { parseLbcli } from '../parsers/lbcli';
import type { ProbeLines } from './lines';
import { answersSnmp } from './snmp';
import { showFailure, since } from './ssh-track';

const snmpWaitMs = 2_000;

/** The channels that are not needed: HTTPS API and SNMP. Answers whether the API can be used. */
export async function probeOthers(
  target: ApplianceTarget,
  channels: Channels,
  lines: ProbeLines,
  signal: AbortSignal,
): Promise<boolean> {
  const [api] = await Promise.all([probeApi(target, channels, lines, signal), probeSnmp(target, lines, signal)]);
  return api;
}

async function probeApi(
  target: ApplianceTarget,
  channels: Channels,
  lines: ProbeLines,
  signal: AbortSignal,
): Promise<boolean> {
  const { host, webuiPort: port, pins } = target;
  if (pins.certificate === null) return false; // the line goes on waiting
  const endpoint = { unit: host, host, port, certificatePin: pins.certificate, connectTimeoutMs: channels.giveUpMs };
  const api = new ApiChannel(endpoint, target.api);
  const start = performance.now();
  lines.set('others.api', { state: 'running', text: '' });
  const instead = target.ssh ? ' Not needed, SSH does the same' : '';
  try {
    parseLbcli(await api.call([{ action: 'nodestatus' }], 'HTTPS API', channels.giveUpMs, signal));
    lines.set('others.api', { state: 'ok', text: 'on, login accepted', milliseconds: since(start) });
    return true;
  } catch (error) {
    if (!(error instanceof EvenkeelError)) throw error;
    const status = error.details['httpStatus'];
    const milliseconds = since(start);
    if (error.code === 'login_refused' && target.api === null) {
      lines.set('others.api', { state: 'off', text: `on, no login given.${instead}`, milliseconds });
    } else if (error.code === 'login_refused' || typeof status !== 'number') {
      showFailure(lines, 'others.api', error);
    } else {
      lines.set('others.api', { state: 'off', text: `off: /api/v2/ answers ${status}.${instead}`, milliseconds });
    }
    return false;
  } finally {
    await api.close();
  }
}

async function probeSnmp(target: ApplianceTarget, lines: ProbeLines, signal: AbortSignal): Promise<void> {
  const port = target.snmpPort;
  if (port === null) return lines.set('others.snmp', { state: 'off', text: 'not used for this unit' });
  const start = performance.now();
  lines.set('others.snmp', { state: 'running' });
  const answered = await answersSnmp(target.host, port, snmpWaitMs, signal);
  const milliseconds = since(start);
  if (answered) lines.set('others.snmp', { state: 'ok', text: `UDP ${port} answered`, milliseconds });
  else
    lines.set('others.snmp', {
      state: 'unknown',
      text: `UDP ${port} no answer in ${snmpWaitMs / 1_000} s`,
      milliseconds,
    });
}
