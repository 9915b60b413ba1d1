import { mkdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Takes the folder's lock; where a living process holds it, tells that one and gives back false. Like Electron's, it must
 * answer at once, so it is a file and not a socket.
 */
export function lockFolder(folder: string, second: () => void): boolean {
  mkdirSync(folder, { recursive: true });
  const lock = join(folder, 'instance-lock');
  const calls = join(folder, 'instance-calls');
  if (holder(lock) !== null) {
    writeFileSync(join(calls, String(process.pid)), '');
    return false;
  }
  writeFileSync(lock, String(process.pid));
  mkdirSync(calls, { recursive: true });
  const seen = new Set<string>();
  watch(calls, (_event, name) => {
    if (name === null || seen.has(name)) return;
    seen.add(name);
    second();
  }).unref();
  return true;
}

function holder(lock: string): number | null {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    // No lock, or one of a process that is gone.
    if (error instanceof Error) return null;
    throw error;
  }
}
