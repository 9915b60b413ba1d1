import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { run, within } from '../lab/commands';
import { hosts, vip, type HostPlace } from '../lab/names';
import { withDeadline } from './deadline';

const heldSource = fileURLToPath(new URL('held-connection.mjs', import.meta.url));

/** What curl in the client's place gets from the VIP, over as many connections: server names and `-` for none. */
export async function fetchMany(
  count: number,
  scheme: 'http' | 'https' = 'http',
  seconds = 2,
): Promise<readonly string[]> {
  const one = `curl -sk -m ${seconds} --no-keepalive -H 'Connection: close' ${scheme}://${vip}/ || echo -`;
  // Eight at a time, so that those that wait do not add up.
  const script = `seq ${count} | xargs -P 8 -I{} sh -c "${one}"`;
  const { stdout } = await run(within('client', ['sh', '-c', script]), { deadlineMs: 40_000 });
  return stdout.split('\n').filter((line) => line !== '');
}

/** For verdicts: `LAB-APP01, LAB-APP02 and LAB-APP03; none failed`. */
export function namesText(answers: readonly string[]): string {
  const names = [...new Set(answers.filter((name) => name !== '-'))].sort();
  const failed = answers.filter((name) => name === '-').length;
  return `${names.join(', ') || 'nobody'}; ${failed === 0 ? 'none failed' : 'some failed'}`;
}

/** How many of these C-ECHOs were answered. */
export async function echoMany(count: number, address: string = vip): Promise<number> {
  const script = `seq ${count} | xargs -P 4 -I{} sh -c "echoscu -to 2 -ta 2 -td 2 ${address} 4444 >/dev/null 2>&1 && echo ok"`;
  const { stdout } = await run(within('client', ['sh', '-c', script]), { deadlineMs: 40_000 });
  return stdout.split('\n').filter((line) => line === 'ok').length;
}

/** Every MAC that answers an ARP request for the VIP, asked anew from a place on the segment. */
export async function macsFor(place: HostPlace, address: string = vip): Promise<readonly string[]> {
  const words = ['arping', '-b', '-c', '2', '-w', '2', '-I', 'eth0', address];
  const { stdout } = await run(within(place, words), { deadlineMs: 10_000 });
  return [
    ...new Set([...stdout.matchAll(/\[([0-9A-F:]{17})\]/gi)].map((found) => (found[1] ?? '').toLowerCase())),
  ].sort();
}

/** The name of the host with this MAC, for verdicts. */
export function placeOfMac(mac: string): string {
  return Object.entries(hosts).find(([, host]) => host.mac === mac)?.[0] ?? mac;
}

/** What the client has in its own ARP table for the VIP, without asking. */
export async function rememberedMac(): Promise<string> {
  const { stdout } = await run(within('client', ['ip', 'neigh', 'show', vip]));
  return /lladdr ([0-9a-f:]{17})/.exec(stdout)?.[1] ?? 'none';
}

/** A connection that stays open: each request goes over the same one. */
export class HeldConnection {
  private constructor(
    /** The name of the server behind it. */
    readonly server: string,
    private readonly child: ReturnType<typeof spawn>,
    private readonly lines: AsyncIterator<string>,
  ) {}

  static async open(): Promise<HeldConnection> {
    const [program = '', ...args] = within('client', [process.execPath, heldSource, vip]);
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const first = await HeldConnection.next(lines);
    return new HeldConnection(first, child, lines);
  }

  /** Asks once more over the same connection; `-` when it is dead. */
  ask(): Promise<string> {
    this.child.stdin?.write('again\n');
    return HeldConnection.next(this.lines);
  }

  close(): void {
    this.child.kill('SIGTERM');
  }

  private static async next(lines: AsyncIterator<string>): Promise<string> {
    const line = await withDeadline(lines.next(), 8_000, 'the held connection answers');
    return line.done === true ? '-' : line.value;
  }
}
