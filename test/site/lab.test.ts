import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { labCases } from './cases/index';
import { must } from './lab/commands';
import { labsHere, removeLeftovers } from './lab/leftovers';
import { folderOf } from './lab/names';
import { noLab } from './lab/needs';

const source = fileURLToPath(new URL('run.ts', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));
const reason = noLab();
const verdict = z.strictObject({ case: z.string(), expected: z.string(), seen: z.string(), held: z.boolean() });

/** `npm run lab -- --json` without npm. */
function startLab(): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', source, '--json'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function* linesOf(child: ChildProcess): AsyncGenerator<string> {
  if (child.stdout === null) throw new Error('The lab has no output.');
  yield* createInterface({ input: child.stdout });
}

async function until(what: () => Promise<boolean>): Promise<boolean> {
  for (let count = 0; count < 150; count += 1) {
    if (await what()) return true;
    await sleep(100);
  }
  return false;
}

describe.skipIf(reason !== null)(`the network lab${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  const verdicts = new Map<string, z.infer<typeof verdict>>();
  let status: number | null = null;
  let pid = 0;

  beforeAll(async () => {
    const lab = startLab();
    pid = lab.pid ?? 0;
    const ended = new Promise<number | null>((resolve) => lab.once('close', resolve));
    for await (const line of linesOf(lab)) {
      const read = verdict.parse(JSON.parse(line));
      verdicts.set(read.case, read);
    }
    status = await ended;
  }, 600_000);

  it.each(labCases.map((item) => item.name))('%s', (name) => {
    const found = verdicts.get(name);
    expect(found?.seen).toBe(found?.expected ?? 'a verdict');
    expect(found?.held).toBe(true);
  });

  it('ends with status 0 when every case held, and leaves nothing behind', async () => {
    expect(status).toBe([...verdicts.values()].every((one) => one.held) ? 0 : 1);
    expect(await labsHere()).not.toContain(pid);
  });

  it('is cleaned up after kill -9', { timeout: 120_000 }, async () => {
    const lab = startLab();
    const own = lab.pid ?? 0;
    const ended = new Promise((resolve) => lab.once('close', resolve));
    // With the first verdict every namespace and every server is there.
    await linesOf(lab).next();
    expect(await labsHere()).toContain(own);
    lab.kill('SIGKILL');
    await ended;
    expect(await until(async () => !(await labsHere()).includes(own))).toBe(true);
    expect(existsSync(folderOf(own))).toBe(false);
  });

  it('removes what a dead lab has left when the next one opens', async () => {
    // No process has a number as high as this.
    const dead = 4_999_999;
    await must(['ip', 'netns', 'add', `ek${dead}-client`]);
    await mkdir(folderOf(dead));
    expect(await labsHere()).toContain(dead);
    await removeLeftovers();
    expect(await labsHere()).not.toContain(dead);
    expect(existsSync(folderOf(dead))).toBe(false);
  });
});
