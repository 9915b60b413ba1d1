import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './commands';
import { folderOf, labName } from './names';

/**
 * Ends all that lives in the namespaces of a lab, removes them, then its folder. `$0` is the lab's name, `$1` the
 * folder. Bridges and veth pairs exist only inside the namespaces and go with them.
 */
const sweep = `
for round in 1 2 3; do
  for name in $(ls /run/netns 2>/dev/null | grep "^$0-"); do
    for pid in $(ip netns pids "$name" 2>/dev/null); do kill -9 "$pid" 2>/dev/null; done
    ip netns del "$name" 2>/dev/null
  done
done
rm -rf "$1"
`;

/** Removes a lab, of this process or of one that is dead. */
export async function removeLab(pid: number): Promise<void> {
  await run(['sh', '-c', sweep, `ek${pid}`, folderOf(pid)], { deadlineMs: 30_000 });
}

/**
 * A process of its own that waits for this one's end, however that comes, and then removes the lab. It hears of the end
 * by its standard input, which only this process holds.
 */
export function watchOver(pid: number): ChildProcess {
  const watcher = spawn('sh', ['-c', `cat >/dev/null; ${sweep}`, `ek${pid}`, folderOf(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
  });
  watcher.unref();
  // The pipe alone must not keep this process alive.
  const pipe: unknown = watcher.stdin;
  if (pipe instanceof Object && 'unref' in pipe && typeof pipe.unref === 'function') pipe.unref.call(pipe);
  return watcher;
}

/** Namespaces and folders that belong to a lab, by the id of its process. */
export async function labsHere(): Promise<readonly number[]> {
  const names = [
    ...(await readdir('/run/netns').catch(() => [])),
    ...(await readdir(tmpdir())).map((name) => name.replace(/^evenkeel-lab-/, '')),
  ];
  return [...new Set(names.flatMap((name) => labName.exec(name)?.[1] ?? []))].map(Number);
}

/** Removes the labs of processes that are dead. A process that got the same id later is told by its start. */
export async function removeLeftovers(): Promise<void> {
  for (const pid of await labsHere()) if (pid !== process.pid && !lives(pid)) await removeLab(pid);
}

/** Kernel ticks at which a process began; `null`: there is none. */
export function startOf(pid: number): string | null {
  const stat = `/proc/${pid}/stat`;
  if (!existsSync(stat)) return null;
  const text = readFileSync(stat, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

function lives(pid: number): boolean {
  const mark = join(folderOf(pid), 'started');
  const now = startOf(pid);
  return now !== null && (!existsSync(mark) || readFileSync(mark, 'utf8') === now);
}

/** For a lab that never came to be: its folder alone. */
export async function removeFolder(pid: number): Promise<void> {
  await rm(folderOf(pid), { recursive: true, force: true });
}
