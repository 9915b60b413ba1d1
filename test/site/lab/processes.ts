import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { must, within } from './commands';
import type { HostPlace } from './names';

/** Where the packages lie. */
const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface StartOptions {
  /** Both outputs go here. */
  readonly log: string;
  readonly env?: NodeJS.ProcessEnv;
  /** With a channel for messages, as `fork` has it. */
  readonly channel?: boolean;
}

/** Programs that run inside the lab's namespaces until it closes. */
export class Processes {
  private readonly children = new Set<ChildProcess>();

  start(place: HostPlace, words: readonly string[], options: StartOptions): ChildProcess {
    const log = openSync(options.log, 'a');
    const stdio: StdioOptions = ['ignore', log, log, ...(options.channel === true ? (['ipc'] as const) : [])];
    const [program = '', ...args] = within(place, words);
    const child = spawn(program, args, {
      stdio,
      cwd: root,
      ...(options.env === undefined ? {} : { env: options.env }),
      ...(options.channel === true ? { serialization: 'advanced' as const } : {}),
    });
    closeSync(log);
    this.children.add(child);
    child.once('exit', () => this.children.delete(child));
    child.once('error', () => this.children.delete(child));
    return child;
  }

  async stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), 3_000);
    await gone;
    clearTimeout(late);
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.children].map((child) => this.stop(child)));
  }
}

/** Waits until somebody listens, asked from inside a namespace. */
export async function listening(place: HostPlace, address: string, port: number): Promise<void> {
  const ask = `for i in $(seq 600); do (exec 3<>/dev/tcp/${address}/${port}) 2>/dev/null && exit 0; sleep 0.1; done; exit 1`;
  await must(within(place, ['bash', '-c', ask]), { deadlineMs: 90_000 });
}
