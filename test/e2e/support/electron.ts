import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron } from '@playwright/test';
import type { OpenWindow } from './hosts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The runtime's program; `null`: it was never fetched to this computer. */
export function electronProgram(): string | null {
  const folder = join(root, 'node_modules/electron');
  const named = join(folder, 'path.txt');
  if (!existsSync(named)) return null;
  const program = join(folder, 'dist', readFileSync(named, 'utf8').trim());
  return existsSync(program) ? program : null;
}

/** The built program in real Electron, with an empty data folder that goes when it closes. */
export async function openElectron(program: string): Promise<OpenWindow & { close(): Promise<void> }> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'evenkeel-e2e-'));
  const isRoot = process.getuid?.() === 0;
  const electron = await _electron.launch({
    executablePath: program,
    args: [`--user-data-dir=${dataFolder}`, ...(isRoot ? ['--no-sandbox'] : []), join(root, 'out/main/main.cjs')],
  });
  return {
    page: await electron.firstWindow(),
    dataFolder,
    killEngine: async () => {
      const pid = await electron.evaluate(
        ({ app }) => app.getAppMetrics().find((process) => process.name === 'Evenkeel engine')?.pid,
      );
      if (pid === undefined) throw new Error('No engine was started');
      process.kill(pid, 'SIGKILL');
    },
    close: async () => {
      await electron.close();
      await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
