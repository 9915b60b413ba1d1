import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const serveFile = fileURLToPath(new URL('../../../out/web-host/serve.mjs', import.meta.url));
const startDeadlineMs = 30_000;

export interface OpenWebHost {
  readonly url: string;
  readonly dataFolder: string;
  kill(): Promise<void>;
  close(): Promise<void>;
}

/** The built web host in a process of its own, with an empty data folder that goes when it closes. */
export async function openWebHost(): Promise<OpenWebHost> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'evenkeel-e2e-'));
  const child = spawn(process.execPath, [serveFile, '--data', dataFolder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await address(child);
  return {
    url,
    dataFolder,
    kill: () => end(child, 'SIGKILL'),
    close: async () => {
      await end(child, 'SIGTERM');
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

function address(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The web host did not start in time')), startDeadlineMs);
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const url = /^Evenkeel: (\S+)$/m.exec(text)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    });
    child.once('exit', (code) => reject(new Error(`The web host ended with status ${code ?? 'none'}`)));
  });
}

async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await ended;
}
