import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where this person's data live when nothing else is said: the system's own place for application data. */
export function defaultDataFolder(environment: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  const home = homedir();
  switch (platform) {
    case 'win32':
      return join(environment['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'Evenkeel');
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'Evenkeel');
    default:
      return join(environment['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'evenkeel');
  }
}
