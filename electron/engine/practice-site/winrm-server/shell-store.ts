import { randomUUID } from 'node:crypto';
import type { RunningCommand } from './running-command';

const MAX_COMMANDS = 25;

/** One open shell. */
export interface Shell {
  readonly id: string;
  readonly owner: string;
  readonly commands: Map<string, RunningCommand>;
}

interface Kept {
  readonly shell: Shell;
  readonly timer: NodeJS.Timeout;
}

/** The shells of a host: limited for each user, closed when idle. */
export class ShellStore {
  readonly #shells = new Map<string, Kept>();
  readonly #idleMs: number;

  constructor(idleMs: number) {
    this.#idleMs = idleMs;
  }

  get size(): number {
    return this.#shells.size;
  }

  /** A new shell, or undefined when the owner has `quota` already. */
  create(owner: string, quota: number): Shell | undefined {
    const own = [...this.#shells.values()].filter(({ shell }) => shell.owner === owner).length;
    if (own >= quota) return undefined;
    const shell: Shell = { id: randomUUID().toUpperCase(), owner, commands: new Map() };
    const timer = setTimeout(() => this.close(shell.id), this.#idleMs);
    timer.unref();
    this.#shells.set(shell.id, { shell, timer });
    return shell;
  }

  /** The shell, whose idle time starts anew. */
  use(id: string): Shell | undefined {
    const kept = this.#shells.get(id.toUpperCase());
    kept?.timer.refresh();
    return kept?.shell;
  }

  /** True when another command may start in the shell. */
  hasRoom(shell: Shell): boolean {
    return shell.commands.size < MAX_COMMANDS;
  }

  /** Ends a shell and its commands. */
  close(id: string): void {
    const kept = this.#shells.get(id.toUpperCase());
    if (!kept) return;
    clearTimeout(kept.timer);
    this.#shells.delete(kept.shell.id);
    for (const command of kept.shell.commands.values()) command.stop();
  }

  closeAll(): void {
    for (const id of [...this.#shells.keys()]) this.close(id);
  }
}
