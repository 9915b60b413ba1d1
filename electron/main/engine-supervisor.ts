import { MessageChannelMain, utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron';
import {
  desktopRequest,
  engineReport,
  type DesktopReply,
  type DesktopRequest,
  type EngineReport,
} from '../engine/host/messages';

interface SupervisorOptions {
  readonly engineFile: string;
  readonly dataFolder: string;
  /** What the keystore answers; a rejection becomes `refused`. */
  readonly answer: (request: Exclude<DesktopRequest, { t: 'notify' }>) => Promise<DesktopReply>;
  readonly refused: (id: number) => DesktopReply;
  readonly notify: (title: string, body: string) => void;
  /** The engine could not start, or stopped too often to be started again. */
  readonly givenUp: (reason: string) => void;
}

const restartLimit = 5;
const restartWindowMs = 60_000;
const stopDeadlineMs = 10_000;

/** Keeps the engine's process alive: a crash is followed by a restart, and windows connect again by themselves. */
export class EngineSupervisor {
  private child: UtilityProcess | null = null;
  private stopping = false;
  private ready = false;
  private failure: string | null = null;
  private readonly waiting = new Map<object, (port: MessagePortMain) => void>();
  private readonly crashes: number[] = [];

  constructor(private readonly options: SupervisorOptions) {}

  start(): void {
    const child = utilityProcess.fork(this.options.engineFile, [this.options.dataFolder], {
      serviceName: 'Evenkeel engine',
      stdio: 'inherit',
    });
    this.child = child;
    this.failure = null;
    this.ready = false;
    child.on('message', (message: unknown) => this.take(child, message));
    child.on('exit', (code) => this.ended(code));
  }

  /**
   * Gives a window its port to the engine, once the engine can serve it: until then the window goes on saying that it
   * waits. The port closes when the engine ends; the window then asks for a new one. Of several questions of one window
   * only the last is answered.
   */
  connect(window: object, give: (port: MessagePortMain) => void): void {
    this.waiting.set(window, give);
    this.serveWaiting();
  }

  /** Lets the engine close its files; ends it after a deadline. */
  async stop(): Promise<void> {
    const child = this.child;
    this.stopping = true;
    if (child === null) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => child.kill(), stopDeadlineMs);
      child.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      child.postMessage({ t: 'stop' });
    });
  }

  private take(child: UtilityProcess, message: unknown): void {
    const request = desktopRequest.safeParse(message);
    if (request.success) {
      const { data } = request;
      if (data.t === 'notify') return this.options.notify(data.title, data.body);
      const reply = (answer: DesktopReply): void => {
        // The engine may have ended while the keystore was asked; its successor did not ask this.
        if (this.child === child) child.postMessage(answer);
      };
      return void this.options.answer(data).then(reply, () => reply(this.options.refused(data.id)));
    }
    const report = engineReport.safeParse(message);
    if (report.success && this.child === child) this.reported(child, report.data);
  }

  private reported(child: UtilityProcess, report: EngineReport): void {
    switch (report.t) {
      case 'started':
        this.ready = true;
        return this.serveWaiting();
      case 'failed':
        // It has nothing left to do, but its channel to here keeps the process alive.
        this.failure = report.error.message;
        return void child.kill();
    }
  }

  private serveWaiting(): void {
    if (this.child === null || !this.ready) return;
    for (const [window, give] of [...this.waiting]) {
      this.waiting.delete(window);
      const { port1, port2 } = new MessageChannelMain();
      this.child.postMessage({ t: 'window' }, [port1]);
      give(port2);
    }
  }

  private ended(code: number): void {
    this.child = null;
    this.ready = false;
    if (this.stopping) return;
    if (this.failure !== null) return this.options.givenUp(this.failure);
    const now = Date.now();
    this.crashes.push(now);
    while ((this.crashes[0] ?? now) < now - restartWindowMs) this.crashes.shift();
    if (this.crashes.length > restartLimit) {
      return this.options.givenUp(`The engine stopped ${this.crashes.length} times in a minute (last status ${code}).`);
    }
    this.options.notify(
      'The engine stopped and was started again',
      'Jobs that it was running are resumed, undone or ask for a decision: see Jobs.',
    );
    this.start();
  }
}
