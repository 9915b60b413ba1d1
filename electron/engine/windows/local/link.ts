import type { ScriptLink, ScriptShell } from '../script-link';
import { WinrmError } from '../winrm/index';
import { LocalPowerShell } from './power-shell';
import { SignOnShell, type SignOnTarget } from './shell';

/** Below the idle time after which a server ends a session by itself. */
const idleMs = 90_000;

/** The way to one server by this computer's own sign-on: one PowerShell process, kept for the next script. */
export class SignOnLink implements ScriptLink {
  private powerShell: LocalPowerShell | null = null;
  private idle: NodeJS.Timeout | null = null;

  constructor(
    private readonly target: SignOnTarget,
    /** `null`: this computer has none. */
    private readonly executable: string | null,
  ) {}

  shell(signal: AbortSignal): Promise<ScriptShell> {
    if (this.idle !== null) clearTimeout(this.idle);
    this.idle = null;
    if (signal.aborted) return Promise.reject(new WinrmError('aborted', 'The operation was cancelled.'));
    if (this.executable === null) return Promise.reject(noSignOn());
    if (this.powerShell?.usable !== true) this.powerShell = new LocalPowerShell(this.executable);
    return Promise.resolve(new SignOnShell(this.powerShell, this.target));
  }

  way(): 'sign-on' {
    return 'sign-on';
  }

  rest(): void {
    if (this.powerShell === null) return;
    this.idle = setTimeout(() => void this.drop(), idleMs);
    this.idle.unref();
  }

  async drop(): Promise<void> {
    if (this.idle !== null) clearTimeout(this.idle);
    this.idle = null;
    const { powerShell } = this;
    this.powerShell = null;
    await powerShell?.end();
  }
}

function noSignOn(): WinrmError {
  return new WinrmError('auth-not-offered', 'This computer has no sign-on that a Windows server knows.', {
    advice: 'Signing on by this computer works on Windows only. Use a stored account for this server.',
  });
}
