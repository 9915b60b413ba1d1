import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the stand-in module. */
export const standInFolder = fileURLToPath(new URL('../../powershell', import.meta.url));

export const standInModule = `${standInFolder}/EvenkeelStandIn.psm1`;

/** The PowerShell of this computer: `EVENKEEL_PWSH`, then `pwsh` on the PATH; `null` where there is none. */
export const pwsh: string | null =
  [
    process.env['EVENKEEL_PWSH'] ?? '',
    ...(process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'pwsh')),
  ].find(isProgram) ?? null;

/** For the title of a test that needs it. */
export const needsPwsh = pwsh === null ? ' (skipped: no pwsh in EVENKEEL_PWSH or on the PATH)' : '';

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    // Not there, or not to be run: the next place is tried.
    return false;
  }
}
