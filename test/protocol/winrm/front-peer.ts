import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';

const PYTHON = '/usr/bin/python3';

export interface FrontAccount {
  readonly username: string;
  readonly password: string;
  readonly state?: 'disabled' | 'expired' | 'must-change';
}

export interface FrontOrder {
  readonly acceptor: 'gss' | 'samba';
  /** An empty folder of the front's own. */
  readonly folder: string;
  readonly accounts: readonly FrontAccount[];
  /** Files in PEM. */
  readonly certificate: string;
  readonly key: string;
  /** Hex of the application data that HTTPS logins are held against. */
  readonly binding: string;
}

type Line = Readonly<Record<string, unknown>>;

/** The WS-Management front over an acceptor of somebody else's, running as a process of its own. */
export class FrontPeer {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #refused: Line[] = [];

  private constructor(child: ChildProcessWithoutNullStreams, lines: AsyncIterator<string>) {
    this.#child = child;
    this.#lines = lines;
  }

  /** Provisions and listens. */
  static async start(
    order: FrontOrder,
    env: Readonly<Record<string, string>> = {},
  ): Promise<FrontPeer & { readonly ports: { readonly http: number; readonly https: number } }> {
    const child = spawn(PYTHON, [path.join(import.meta.dirname, 'peers', 'wsman_front.py')], {
      env: { PATH: '/usr/bin:/bin', ...env },
    });
    let complaints = '';
    child.stderr.on('data', (data: Buffer) => (complaints = (complaints + data.toString('utf8')).slice(-2000)));
    const peer = new FrontPeer(child, readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]());
    child.stdin.write(
      `${JSON.stringify({ ...order, accounts: order.accounts.map((one) => ({ state: '', ...one })) })}\n`,
    );
    const first = await peer.#lines.next();
    if (first.done) throw new Error(`The front did not start: ${complaints}`);
    const ports = JSON.parse(first.value) as { readonly http: number; readonly https: number };
    return Object.assign(peer, { ports });
  }

  /** How many shells are open, and what was refused since the last time this was asked. */
  async look(): Promise<{ readonly shells: number; readonly refused: readonly Line[] }> {
    this.#child.stdin.write('shells\n');
    for (;;) {
      const next = await this.#lines.next();
      if (next.done) throw new Error('The front ended.');
      const line = JSON.parse(next.value) as Line;
      if (typeof line['shells'] === 'number') return { shells: line['shells'], refused: this.#refused.splice(0) };
      this.#refused.push(line);
    }
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#child.once('close', () => resolve());
      this.#child.kill('SIGKILL');
    });
  }
}
