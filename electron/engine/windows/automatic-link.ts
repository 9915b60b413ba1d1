import { isSignOnTrouble } from './local/index';
import type { ScriptLink, ScriptShell } from './script-link';
import type { WinrmResult, WinrmRunOptions } from './winrm/index';

/**
 * This computer's sign-on first; where that itself is the trouble, the stored account from then on. Nothing ran on the
 * server when a sign-on fails, so trying the other way repeats nothing.
 */
export class AutomaticLink implements ScriptLink {
  private taken: 'sign-on' | 'stored' = 'sign-on';

  constructor(
    private readonly signOn: ScriptLink,
    private readonly stored: ScriptLink,
  ) {}

  async shell(signal: AbortSignal): Promise<ScriptShell> {
    if (this.taken === 'stored') return this.stored.shell(signal);
    try {
      const shell = await this.signOn.shell(signal);
      return { run: (command, options) => this.first(shell, command, options) };
    } catch (error) {
      return this.other(error, signal);
    }
  }

  way(): 'sign-on' | 'stored' {
    return this.taken;
  }

  rest(): void {
    this.current().rest();
  }

  async drop(): Promise<void> {
    await Promise.all([this.signOn.drop(), this.stored.drop()]);
  }

  private async first(
    shell: ScriptShell,
    command: { readonly powershell: string },
    options: WinrmRunOptions,
  ): Promise<WinrmResult> {
    try {
      return await shell.run(command, options);
    } catch (error) {
      return (await this.other(error, options.signal)).run(command, options);
    }
  }

  private async other(error: unknown, signal: AbortSignal): Promise<ScriptShell> {
    if (!isSignOnTrouble(error)) throw error;
    await this.signOn.drop();
    this.taken = 'stored';
    return this.stored.shell(signal);
  }

  private current(): ScriptLink {
    return this.taken === 'stored' ? this.stored : this.signOn;
  }
}
