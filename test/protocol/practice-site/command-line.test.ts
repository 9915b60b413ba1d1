import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { practiceEndpoints } from '#shared/contract/practice';

const refused = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('connect', () => resolve(false));
    socket.on('error', () => resolve(true));
  });

describe('npm run practice-site', () => {
  it('prints one JSON line with every endpoint, serves with the fault asked for, and ends cleanly on SIGTERM', async () => {
    const child = spawn(
      process.execPath,
      [
        ...['--import', 'tsx', 'electron/cli/practice-site.ts', '--json', '--scenario', 'two-sites'],
        ...['--archive-size', '1', '--fault', 'lb-main-2=refuse'],
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    try {
      const lines = createInterface({ input: child.stdout });
      const [line] = (await once(lines, 'line')) as [string];
      const endpoints = practiceEndpoints.parse(JSON.parse(line));
      expect([endpoints.appliances.length, endpoints.windows.length]).toEqual([4, 9]);
      const ports = endpoints.appliances.map((unit) => unit.ssh.port);
      expect(await Promise.all(ports.map(refused))).toEqual([false, true, false, false]);
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
      expect(await Promise.all(ports.map(refused))).toEqual([true, true, true, true]);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('says which fault it does not understand and ends with status 1', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'electron/cli/practice-site.ts', '--fault', 'x=burn'], {
      stdio: 'ignore',
    });
    expect(await once(child, 'exit')).toEqual([1, null]);
  });
});
