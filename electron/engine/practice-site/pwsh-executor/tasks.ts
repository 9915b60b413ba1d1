import type { StandInTask } from './state-file';

export interface PwshTasksParts {
  readonly list: () => Readonly<Record<string, StandInTask>>;
  readonly run: (commandLine: string) => Promise<void>;
}

/** A timer's longest time is 24.8 days. */
const longestMs = 2_000_000_000;

/** The task scheduler of a practice server with a real PowerShell: starts tasks at their time and at boot. */
export class PwshTasks {
  private timer: NodeJS.Timeout | null = null;
  private readonly started = new Set<string>();

  constructor(private readonly parts: PwshTasksParts) {}

  /** Looks anew at what is due when. */
  plan(): void {
    this.stop();
    const times = this.waiting().map(({ due }) => due);
    if (times.length === 0) return;
    const delay = Math.min(Math.max(0, Math.min(...times) - Date.now()), longestMs);
    this.timer = setTimeout(() => {
      // A task that cannot be run, for example because the server went down, is looked at again at the next boot.
      this.fireDue().catch(() => undefined);
    }, delay);
    this.timer.unref();
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  async fireDue(): Promise<void> {
    for (const { key, task, due } of this.waiting()) if (due <= Date.now()) await this.start(key, task);
    this.plan();
  }

  /** The server has started. */
  boot(): void {
    const tasks = Object.values(this.parts.list()).filter((task) =>
      task.triggers.some(({ kind }) => /Boot/.test(kind)),
    );
    this.started.clear();
    for (const task of tasks) this.parts.run(commandOf(task)).catch(() => undefined);
    this.plan();
  }

  private async start(key: string, task: StandInTask): Promise<void> {
    this.started.add(key);
    await this.parts.run(commandOf(task));
  }

  /** Tasks with a time, each started once at that time. */
  private waiting(): readonly { readonly key: string; readonly task: StandInTask; readonly due: number }[] {
    return Object.entries(this.parts.list()).flatMap(([name, task]) =>
      task.triggers.flatMap(({ start }) => {
        const key = `${name} ${start ?? ''}`;
        return start === null || this.started.has(key) ? [] : [{ key, task, due: Date.parse(start) }];
      }),
    );
  }
}

/** Folders are divided by another sign on this system. */
function commandOf(task: StandInTask): string {
  return `powershell.exe ${task.arguments.replaceAll('\\', '/')}`;
}
