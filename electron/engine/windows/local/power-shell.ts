import { PowerShell } from 'node-powershell';
import { WinrmError } from '../winrm/index';

/** One process of this computer's PowerShell. Calls one after the other; a call that is given up ends the process. */
export class LocalPowerShell {
  private readonly shell: PowerShell;
  private ended = false;

  /** Starts nothing that could hang: the first call tells whether the program is there. */
  constructor(executable: string) {
    // node-powershell lets this variable name another program; the one that was chosen is meant.
    delete process.env['NODE_POWERSHELL'];
    this.shell = new PowerShell({
      executable,
      executableOptions: { '-NoProfile': true, '-NonInteractive': true },
      spawnOptions: { windowsHide: true },
      // Anything on standard error would reject the call and drop its output: the frames are read live instead.
      throwOnInvocationError: false,
    });
    // A process that went away while input was on its way: its end is what counts, and the call reports that.
    this.shell.streams.stdin.on('error', () => {
      this.ended = true;
    });
  }

  get usable(): boolean {
    return !this.ended;
  }

  /**
   * Runs one line of ASCII; `onText` gets standard output as it comes, PowerShell's own lines among it. An abort kills
   * the process. Throws `WinrmError`: `auth-not-offered` when PowerShell cannot be started, `link-cut` when it ended.
   */
  async invoke(line: string, onText: (text: string) => void, signal: AbortSignal): Promise<void> {
    // A process that no call was waited for would let its end go unheard.
    if (signal.aborted) {
      await this.end();
      throw ended();
    }
    const { stdout } = this.shell.streams;
    const take = (chunk: string | Buffer): void => onText(chunk.toString());
    const kill = (): void => void this.end();
    stdout.on('data', take);
    signal.addEventListener('abort', kill, { once: true });
    try {
      const { hadErrors } = await this.shell.invoke(line);
      // It resolves without output when the process ended in the middle.
      if (this.ended || (hadErrors && this.shell.streams.stdout.destroyed)) throw ended();
    } catch (error) {
      this.ended = true;
      throw error instanceof WinrmError ? error : ended(error);
    } finally {
      signal.removeEventListener('abort', kill);
      stdout.off('data', take);
      // It keeps every line that was sent.
      this.shell.history.length = 0;
    }
  }

  /** Kills the process. Never throws. */
  async end(): Promise<void> {
    this.ended = true;
    try {
      await this.shell.dispose('SIGKILL');
    } catch (error) {
      // A process that was killed, or never came about, rejects: that is what was wanted.
      if (!(error instanceof Error)) throw error;
    }
  }
}

function ended(cause?: unknown): WinrmError {
  const missing = cause instanceof Error && /ENOENT|EACCES/.test(cause.message);
  if (!missing) return new WinrmError('link-cut', 'PowerShell on this computer ended in the middle.', { cause });
  return new WinrmError('auth-not-offered', 'PowerShell could not be started on this computer.', {
    cause,
    advice: 'Use a stored account for this server, or ask why powershell.exe is blocked on this computer.',
  });
}
