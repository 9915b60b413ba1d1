import { win32 } from 'node:path';

/** What of this computer decides whether its own sign-on can be used. */
export interface ThisComputer {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The Windows PowerShell of this computer, by its absolute path: a program of that name earlier on PATH is never
 * started. `null` on other systems, which have no sign-on that a Windows server knows.
 */
export function localPowerShell({ platform, env }: ThisComputer): string | null {
  if (platform !== 'win32') return null;
  const root = env['SystemRoot'] ?? env['windir'] ?? String.raw`C:\Windows`;
  return win32.join(root, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe');
}
