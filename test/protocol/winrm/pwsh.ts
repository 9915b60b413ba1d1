import { existsSync } from 'node:fs';
import path from 'node:path';

/** The real PowerShell of this computer: `EVENKEEL_PWSH`, else `pwsh` on the PATH. */
export function findPwsh(): string | undefined {
  const onPath = (process.env['PATH'] ?? '').split(path.delimiter).map((folder) => path.join(folder, 'pwsh'));
  return [process.env['EVENKEEL_PWSH'] ?? '', ...onPath].find((file) => file !== '' && existsSync(file));
}
