import { EvenkeelError } from '#shared/errors';
import { required, type Channels } from '../channels/channels';
import type { ExecResult } from '../channels/ssh';
import { ipv4Number, interfaceFor, parseArping, parseDf, parseDigest } from '../parsers/system';
import { quoteCommand } from '../quote';
import type { ArpAnswer, CommandOutcome, DigestAlgorithm, FreeSpace } from '../types';

const small = { timeoutMs: 30_000, maxBytes: 1_000_000 };
/** Where Heartbeat keeps its tools differs between systems [U]. */
const heartbeatFolders = '/usr/share/heartbeat:/usr/lib64/heartbeat:/usr/lib/heartbeat';

/** One command on the unit over SSH. Throws `channel_unavailable` where the unit has no such command. */
export async function run(
  channels: Channels,
  step: string,
  words: readonly string[],
  signal: AbortSignal,
  options: { readonly root?: boolean; readonly timeoutMs?: number } = {},
): Promise<ExecResult> {
  const ssh = required(channels.ssh, channels.unit, step, 'SSH');
  const prefix =
    options.root && ssh.username !== 'root'
      ? ['sudo', '-n', 'env', `PATH=/usr/sbin:/sbin:/usr/bin:/bin:${heartbeatFolders}`]
      : [];
  const path = `export LC_ALL=C; export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin:${heartbeatFolders}"`;
  const limits = { ...small, step, timeoutMs: options.timeoutMs ?? small.timeoutMs };
  const result = await ssh.exec(`${path}; ${quoteCommand([...prefix, ...words])}`, limits, signal);
  if (result.exitCode === 126 || result.exitCode === 127) {
    throw new EvenkeelError('channel_unavailable', { unit: channels.unit, step, said: firstLine(result) });
  }
  if (/^sudo: /m.test(result.stderr)) {
    const advice = `Allow this account to run ${words[0] ?? 'this'} by sudo.`;
    throw new EvenkeelError('permission_denied', { unit: channels.unit, step, advice });
  }
  return result;
}

/** What the command said first, for errors. */
export function firstLine(result: ExecResult): string {
  const line = `${result.stderr}\n${result.stdout}`.trim().split('\n', 1)[0] ?? '';
  return line.replace(/\p{Cc}/gu, ' ').slice(0, 200);
}

/** Heartbeat's own `hb_standby all` and `hb_takeover all`; they return before the addresses have moved. */
export async function failover(
  channels: Channels,
  direction: 'standby' | 'takeover',
  signal: AbortSignal,
): Promise<CommandOutcome> {
  const step = direction === 'standby' ? 'give the floating IPs to the peer' : 'take the floating IPs';
  const result = await run(channels, step, [direction === 'standby' ? 'hb_standby' : 'hb_takeover', 'all'], signal, {
    root: true,
    timeoutMs: 60_000,
  });
  if (result.exitCode !== 0) {
    throw new EvenkeelError('command_failed', {
      unit: channels.unit,
      step,
      said: firstLine(result),
      advice: 'Read both units again.',
    });
  }
  return { via: 'ssh', text: `${result.stdout}${result.stderr}`.trim().slice(0, 2_000) };
}

/**
 * Broadcast ARP requests only (`-b`): otherwise arping asks the first that answered again and never hears the others.
 * The exit status says no more than the answers do.
 */
export async function arping(channels: Channels, address: string, signal: AbortSignal): Promise<ArpAnswer> {
  const step = `ask who has ${address}`;
  if (ipv4Number(address) === null) {
    throw new EvenkeelError('invalid_argument', { unit: channels.unit, step, advice: 'ARP is of IPv4 only.' });
  }
  const interfaces = await run(channels, step, ['ip', '-o', 'addr', 'show'], signal);
  const device = interfaceFor(interfaces.stdout, address);
  const words = ['arping', '-b', '-c', '3', '-w', '4', ...(device === null ? [] : ['-I', device]), address];
  const result = await run(channels, step, words, signal, { root: true });
  if (!/\b(ARPING|Sent)\b/.test(result.stdout)) {
    throw new EvenkeelError('command_failed', { unit: channels.unit, step, said: firstLine(result) });
  }
  return { via: 'ssh', address, macs: parseArping(result.stdout), text: result.stdout.trim().slice(0, 4_000) };
}

export async function freeSpace(channels: Channels, path: string, signal: AbortSignal): Promise<FreeSpace> {
  const step = `free space at ${path}`;
  const result = await run(channels, step, ['df', '-Pk', '--', path], signal);
  const space = parseDf(result.stdout);
  if (space) return { via: 'ssh', path, ...space };
  const code = /no such file/i.test(result.stderr) ? 'not_found' : 'answer_not_understood';
  throw new EvenkeelError(code, { unit: channels.unit, step, said: firstLine(result) });
}

const digits: Readonly<Record<DigestAlgorithm, number>> = { md5: 32, sha1: 40, sha256: 64, sha512: 128 };

/** Reads the file once on the unit; large archives on slow disks take minutes. */
export async function digestOnUnit(
  channels: Channels,
  path: string,
  algorithm: DigestAlgorithm,
  signal: AbortSignal,
): Promise<string> {
  const step = `${algorithm} of ${path}`;
  const result = await run(channels, step, [`${algorithm}sum`, '--', path], signal, { timeoutMs: 600_000 });
  const digest = parseDigest(result.stdout, digits[algorithm]);
  if (digest) return digest;
  const code = /no such file/i.test(result.stderr) ? 'not_found' : 'answer_not_understood';
  throw new EvenkeelError(code, { unit: channels.unit, step, said: firstLine(result) });
}
