import {
  connect,
  knownFault,
  WinrmError,
  type WinrmConnection,
  type WinrmShell,
  type WinrmTarget,
} from './winrm/index';

/** Below the 180 s after which hosts end an idle shell by themselves. */
const idleMs = 90_000;

interface Open {
  readonly connection: WinrmConnection;
  readonly shell: WinrmShell;
}

/** One connection with one shell, opened when needed, kept for the next script, given back when idle. */
export class ServerLink {
  private open: Open | null = null;
  private idle: NodeJS.Timeout | null = null;

  constructor(private readonly target: WinrmTarget) {}

  /** Throws `WinrmError`. */
  async shell(signal: AbortSignal): Promise<WinrmShell> {
    this.wake();
    if (this.open !== null) return this.open.shell;
    const connection = await connect(this.target, { signal });
    try {
      this.open = { connection, shell: await connection.shell({ signal }) };
      return this.open.shell;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  way(): 'stored' {
    return 'stored';
  }

  /** The shell is free again. */
  rest(): void {
    if (this.open === null) return;
    this.idle = setTimeout(() => void this.drop(), idleMs);
    this.idle.unref();
  }

  /** Gives the connection up; the next use opens a new one. Never throws. */
  async drop(): Promise<void> {
    this.wake();
    const { open } = this;
    this.open = null;
    await open?.connection.close();
  }

  private wake(): void {
    if (this.idle !== null) clearTimeout(this.idle);
    this.idle = null;
  }
}

/** The link went away under a script that may be run again, or the host ended the shell. */
export function isLostLink(error: unknown): boolean {
  if (!(error instanceof WinrmError)) return false;
  return (
    error.kind === 'link-cut' ||
    (error.wsmanCode !== undefined && knownFault(error.wsmanCode)?.meaning === 'shell-gone')
  );
}
