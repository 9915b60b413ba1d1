import { plainError } from '#shared/contract/plain-error';
import type { ApplianceTarget } from '#shared/contract/inventory';
import type { ApplianceReading } from '#shared/domain/appliance/reading';
import { EvenkeelError } from '#shared/errors';
import type { Channels } from '../channels/channels';
import { SshChannel } from '../channels/ssh';
import { withDeadline } from '../deadline';
import { runLbcli } from '../operations/lbcli';
import { readAppliance } from '../read/read';
import type { ProbeLines } from './lines';
import { readSshGreeting } from './ssh-greeting';

const sshRights = ['rights.read', 'rights.state', 'rights.services', 'rights.failover', 'rights.arp'] as const;

/** Since when, in milliseconds with one decimal. */
export function since(start: number): number {
  return Math.round((performance.now() - start) * 10) / 10;
}

/** Shows a failure on a line and goes on; a defect is thrown. */
export function showFailure(lines: ProbeLines, key: string, error: unknown): EvenkeelError {
  if (!(error instanceof EvenkeelError)) throw error;
  lines.set(key, { state: 'failed', text: error.message, error: plainError(error) });
  return error;
}

/** SSH from the first packet to the rights of the account. Gives the reading when it came that far. */
export async function probeSsh(
  target: ApplianceTarget,
  channels: Channels,
  lines: ProbeLines,
  signal: AbortSignal,
): Promise<ApplianceReading | null> {
  const { host, sshPort } = target;
  if (sshPort === null) {
    for (const key of ['ssh.reachable', 'ssh.hostkey', 'ssh.login', 'ssh.rights']) {
      lines.set(key, { state: 'off', text: 'not used for this unit' });
    }
    return withoutRights(lines);
  }
  const start = performance.now();
  lines.set('ssh.reachable', { state: 'running' });
  try {
    const where = { unit: host, step: 'SSH connection' };
    const software = await withDeadline(signal, channels.giveUpMs, where, (inner) =>
      readSshGreeting(host, sshPort, where, inner),
    );
    lines.set('ssh.reachable', { state: 'ok', text: `${software} answered`, milliseconds: since(start) });
  } catch (error) {
    showFailure(lines, 'ssh.reachable', error);
    return withoutRights(lines);
  }
  if (!(await probeHostKey(target, sshPort, channels, lines, signal))) return null;
  return probeLogin(channels, lines, signal);
}

/** Without a pin nothing but the key exchange happens: the login given here is never sent. */
async function probeHostKey(
  target: ApplianceTarget,
  port: number,
  channels: Channels,
  lines: ProbeLines,
  signal: AbortSignal,
): Promise<boolean> {
  const pin = target.pins.sshHostKey;
  if (pin !== null && channels.ssh === null) {
    lines.set('ssh.hostkey', { state: 'ok', text: 'pinned by you' });
    lines.set('ssh.login', { state: 'waiting', text: 'no login given' });
    return false;
  }
  const nobody = { kind: 'password', username: 'nobody', password: 'none' } as const;
  const channel =
    channels.ssh ??
    new SshChannel({
      unit: target.host,
      host: target.host,
      port,
      login: nobody,
      hostKeyPin: null,
      connectTimeoutMs: channels.giveUpMs,
      keepaliveMs: 5_000,
    });
  lines.set('ssh.hostkey', { state: 'running', text: '' });
  try {
    const start = performance.now();
    const { hostKey } = await channel.connect(signal);
    const fingerprint = { algorithm: hostKey.algorithm, sha256: hostKey.sha256 };
    lines.set('ssh.hostkey', { state: 'ok', text: `${algorithmWords(hostKey.algorithm)}, pinned by you`, fingerprint });
    const text = `as ${channel.username} accepted`;
    lines.set('ssh.login', { state: 'ok', text, milliseconds: since(start) });
    return true;
  } catch (error) {
    if (!(error instanceof EvenkeelError)) throw error;
    showKeyFailure(target, lines, error);
    return false;
  } finally {
    if (channel !== channels.ssh) await channel.close();
  }
}

function showKeyFailure(target: ApplianceTarget, lines: ProbeLines, error: EvenkeelError): void {
  const { fingerprint: sha256, algorithm } = error.details;
  const fingerprint =
    typeof sha256 === 'string' ? { sha256, algorithm: typeof algorithm === 'string' ? algorithm : 'unknown' } : null;
  if (error.code === 'host_key_unknown') {
    lines.set('ssh.hostkey', {
      state: 'ask',
      text: `${algorithmWords(fingerprint?.algorithm ?? '')}, seen for the first time.`,
      fingerprint,
    });
    const text = target.ssh ? `as ${target.ssh.username}, after the key is pinned` : 'no login given';
    lines.set('ssh.login', { state: 'waiting', text });
  } else if (error.code === 'host_key_changed') {
    lines.set('ssh.hostkey', { state: 'failed', text: error.message, fingerprint, error: plainError(error) });
  } else if (error.code === 'login_refused') {
    lines.set('ssh.hostkey', { state: 'ok', text: 'pinned by you' });
    showFailure(lines, 'ssh.login', error);
    withoutRights(lines);
  } else {
    showFailure(lines, 'ssh.hostkey', error);
  }
}

function algorithmWords(algorithm: string): string {
  return algorithm.replace(/^ssh-|^rsa-/, '').toUpperCase() || 'Key';
}

function withoutRights(lines: ProbeLines): null {
  for (const key of sshRights) lines.set(key, { state: 'off', text: 'no' });
  return null;
}

async function probeLogin(
  channels: Channels,
  lines: ProbeLines,
  signal: AbortSignal,
): Promise<ApplianceReading | null> {
  const { ssh } = channels;
  if (!ssh) return null;
  lines.set('ssh.rights', { state: 'running' });
  const right = (key: string, granted: boolean | null): void =>
    lines.set(
      key,
      granted === null
        ? { state: 'unknown', text: 'unknown' }
        : { state: granted ? 'ok' : 'failed', text: granted ? 'yes' : 'no' },
    );
  try {
    const reading = await readAppliance({ ...channels, api: null, webui: null }, signal);
    const live = !reading.gaps.some(({ section }) => ['config', 'ipvs', 'haproxy'].includes(section));
    right('rights.read', live);
    const lbcli = await mayRunLbcli(channels, signal);
    right('rights.state', lbcli);
    right('rights.services', lbcli);
    const tools = await toolsThere(ssh, signal);
    right('rights.failover', reading.ha.peerAddress === null ? false : tools.has('hb_standby'));
    right('rights.arp', tools.has('arping'));
    const missing = [
      ...(lbcli ? [] : ['lbcli']),
      ...(live ? [] : ['live state']),
      ...(tools.has('arping') ? [] : ['arping']),
    ];
    const text = missing.length === 0 ? 'lbcli, ipvsadm and arping' : `without ${missing.join(', ')}`;
    lines.set('ssh.rights', { state: missing.length === 0 ? 'ok' : 'warning', text });
    return reading;
  } catch (error) {
    showFailure(lines, 'ssh.rights', error);
    for (const key of sshRights) right(key, null);
    return null;
  }
}

/** Asks for the node's state, which changes nothing. Any answer of lbcli's shows that it may be run. */
async function mayRunLbcli(channels: Channels, signal: AbortSignal): Promise<boolean> {
  try {
    await runLbcli({ ...channels, api: null }, { action: 'nodestatus' }, signal);
    return true;
  } catch (error) {
    if (error instanceof EvenkeelError && error.code !== 'aborted' && error.code !== 'link_cut') return false;
    throw error;
  }
}

async function toolsThere(ssh: SshChannel, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const tools = ['arping', 'hb_standby'];
  const folders = '/usr/local/sbin:/usr/sbin:/sbin:/usr/share/heartbeat:/usr/lib64/heartbeat:/usr/lib/heartbeat';
  const line = [`export PATH="$PATH:${folders}"`, ...tools.map((tool) => `command -v ${tool}`)].join('; ');
  const result = await ssh.exec(line, { step: 'rights', timeoutMs: 10_000, maxBytes: 100_000 }, signal);
  return new Set(tools.filter((tool) => new RegExp(`(^|/)${tool}$`, 'm').test(result.stdout)));
}
