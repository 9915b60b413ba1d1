import type { WinrmResult, WinrmRunOptions } from './winrm/index';

/** What can run a script on a server. Throws `WinrmError`. */
export interface ScriptShell {
  run(command: { readonly powershell: string }, options: WinrmRunOptions): Promise<WinrmResult>;
}

/** A way to a server: opened when needed, kept for the next script, given back when idle. */
export interface ScriptLink {
  /** Throws `WinrmError`. */
  shell(signal: AbortSignal): Promise<ScriptShell>;
  /** By whom scripts run there now. */
  way(): 'sign-on' | 'stored';
  /** The shell is free again. */
  rest(): void;
  /** Gives the way up; the next use opens a new one. Never throws. */
  drop(): Promise<void>;
}
