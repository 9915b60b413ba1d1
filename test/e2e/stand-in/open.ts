import { fork, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from '@playwright/test';
import { dataVariable, type StandInEvent } from './control';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const startDeadlineMs = 60_000;

/** The desktop program over the stand-in, as a test sees it. */
export interface OpenStandIn {
  readonly page: Page;
  readonly dataFolder: string;
  readonly events: readonly StandInEvent[];
  /** The next event of this kind, or the first one so far. */
  seen<T extends StandInEvent['t']>(t: T, nth?: number): Promise<Extract<StandInEvent, { t: T }>>;
  /** Ends the engine's process with SIGKILL. */
  killEngine(): Promise<void>;
  /** Starts the program a second time over the same data; settles with its exit status. */
  startAgain(): Promise<number>;
  close(): Promise<void>;
}

/** Starts the built program with an empty data folder, or the given one, which then stays. */
export async function openStandIn(given: string | null = null): Promise<OpenStandIn> {
  const dataFolder = given ?? (await mkdtemp(join(tmpdir(), 'evenkeel-e2e-')));
  const program = new StandInProcess(dataFolder);
  let browser: Browser | null = null;
  const close = async (): Promise<void> => {
    await browser?.close();
    await program.end();
    if (given === null) await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const { endpoint } = await program.seen('browser');
    browser = await chromium.connectOverCDP(endpoint, { isLocal: true });
    const page = browser.contexts()[0]?.pages()[0];
    if (page === undefined) throw new Error('The stand-in opened no window');
    return {
      ...{ page, dataFolder, close, events: program.events },
      seen: (t, nth) => program.seen(t, nth),
      killEngine: () => program.killEngine(),
      startAgain: () => new StandInProcess(dataFolder).ended,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The program's process and everything it told so far. */
export class StandInProcess {
  readonly events: StandInEvent[] = [];
  readonly ended: Promise<number>;
  private readonly child: ChildProcess;
  private readonly watchers = new Set<() => void>();

  constructor(dataFolder: string) {
    this.child = fork(join(root, 'out/main/main.cjs'), {
      cwd: root,
      execArgv: ['--require', 'tsx/cjs', '--require', join(root, 'test/e2e/stand-in/register.ts')],
      env: { ...process.env, [dataVariable]: dataFolder },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.child.on('message', (event: StandInEvent) => {
      this.events.push(event);
      for (const watcher of [...this.watchers]) watcher();
    });
    this.ended = new Promise((resolve) => this.child.once('exit', (code) => resolve(code ?? 1)));
  }

  seen<T extends StandInEvent['t']>(t: T, nth = 1): Promise<Extract<StandInEvent, { t: T }>> {
    const isWanted = (event: StandInEvent): event is Extract<StandInEvent, { t: T }> => event.t === t;
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = this.events.filter(isWanted)[nth - 1];
        if (found !== undefined) settle(() => resolve(found));
      };
      const settle = (then: () => void): void => {
        clearTimeout(timer);
        this.watchers.delete(look);
        then();
      };
      const timer = setTimeout(
        () => settle(() => reject(new Error(`The stand-in told nothing of "${t}" (${nth})`))),
        startDeadlineMs,
      );
      void this.ended.then((code) => settle(() => reject(new Error(`The stand-in ended with status ${code}`))));
      this.watchers.add(look);
      look();
    });
  }

  async killEngine(): Promise<void> {
    const engine = this.events.findLast((event) => event.t === 'engine');
    const count = this.events.filter((event) => event.t === 'engine').length;
    if (engine === undefined) throw new Error('No engine was started');
    process.kill(engine.pid, 'SIGKILL');
    await this.seen('engine', count + 1);
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 20_000);
    await this.ended;
    clearTimeout(timer);
  }
}
