import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { BlockList } from 'node:net';
import { networkInterfaces } from 'node:os';
import { familyOf, normaliseMac } from '#shared/domain/direct-routing/index';

/** What was heard. `last`: from a cache of neighbours, which keeps one answer and hides the others. */
export interface Heard {
  /** Lower-case, with colons, in order of first answer. */
  readonly macs: readonly string[];
  readonly heard: 'all' | 'last';
}

interface Tool {
  readonly file: string;
  readonly args: readonly string[];
}

const toolMs = 8_000;
const mostBytes = 200_000;
const folders = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const macPattern = /(?:\[|address: |lladdr )([0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5})/gi;

/**
 * Asks the segment from this computer, where it stands on it: iputils' `arping` for IPv4, `ndisc6` for IPv6; without
 * them the neighbour cache, which can show a wrong answer and never that there is only one. Linux only: Windows' and
 * macOS' own tools tell the last answer. `null`: cannot be told from here.
 */
export async function askHere(address: string, signal: AbortSignal): Promise<Heard | null> {
  const device = process.platform === 'linux' ? deviceFor(address) : null;
  if (device === null) return null;
  const all = await heardBy(askingTool(address, device), signal);
  if (all !== null) return { macs: all, heard: 'all' };
  const cached = await heardBy({ file: 'ip', args: ['neigh', 'show', 'to', address, 'dev', device] }, signal);
  return cached === null || cached.length === 0 ? null : { macs: cached, heard: 'last' };
}

/** The interface of this computer whose network holds an address; `null` when none does. */
function deviceFor(address: string): string | null {
  const type = familyOf(address) === 'IPv6' ? 'ipv6' : 'ipv4';
  for (const [name, held] of Object.entries(networkInterfaces())) {
    for (const { internal, family, address: own, cidr } of held ?? []) {
      const prefix = Number(cidr?.split('/')[1] ?? Number.NaN);
      if (internal || family.toLowerCase() !== type || !(prefix < (type === 'ipv4' ? 32 : 128))) continue;
      const segment = new BlockList();
      segment.addSubnet(own, prefix, type);
      if (segment.check(address, type)) return name;
    }
  }
  return null;
}

/** Broadcast requests only: otherwise arping asks the first that answered again and never hears the others. */
function askingTool(address: string, device: string): Tool {
  if (familyOf(address) === 'IPv6') {
    return { file: 'ndisc6', args: ['-m', '-n', '-r', '2', '-w', '1000', address, device] };
  }
  return { file: 'arping', args: ['-b', '-c', '3', '-w', '4', '-I', device, address] };
}

/** `null`: the tool is not there, or could not ask. The exit status says no more than the answers do. */
async function heardBy({ file, args }: Tool, signal: AbortSignal): Promise<readonly string[] | null> {
  const path = folders.map((folder) => `${folder}/${file}`).find((candidate) => existsSync(candidate));
  if (path === undefined) return null;
  const said = await new Promise<string>((resolve, reject) => {
    const options = { timeout: toolMs, maxBuffer: mostBytes, env: { LC_ALL: 'C' } };
    const child = execFile(path, [...args], options, (_error, stdout) => {
      if (signal.aborted) reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
      else resolve(stdout);
    });
    const stop = (): void => void child.kill('SIGKILL');
    signal.addEventListener('abort', stop, { once: true });
    child.once('exit', () => signal.removeEventListener('abort', stop));
    if (signal.aborted) stop();
  });
  if (file !== 'ip' && !/\b(ARPING|Sent|Soliciting)\b/.test(said)) return null;
  return [...new Set([...said.matchAll(macPattern)].map((match) => normaliseMac(match[1] ?? '')))];
}
