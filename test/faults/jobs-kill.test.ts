import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newFolder, removeFolder } from '#test/unit/jobs/kit';
import type { Orders } from './jobs-child';

const source = fileURLToPath(new URL('jobs-child.ts', import.meta.url));
const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
let bundled: string;
let folder: string;

// Bundled once: started from source, each of the many engines below would take a second more.
beforeAll(async () => {
  bundled = await newFolder();
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: ['p-limit', 'yocto-queue'] },
    build: {
      ssr: source,
      outDir: bundled,
      rolldownOptions: { output: { format: 'cjs', entryFileNames: 'child.cjs' } },
    },
  });
});

afterAll(async () => {
  await removeFolder(bundled);
});

beforeEach(async () => {
  folder = await newFolder();
});

afterEach(async () => {
  await removeFolder(folder);
});

/** Runs the engine until it stands where it was told to, then `kill -9`; or until it has finished. Gives its last line. */
async function engine(orders: Omit<Orders, 'folder'>): Promise<Record<string, unknown>> {
  const args = [join(bundled, 'child.cjs'), JSON.stringify({ folder, ...orders })];
  const env = { ...process.env, NODE_PATH: modules, NODE_NO_WARNINGS: '1' };
  const running = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
  const gone = once(running, 'exit');
  let last: Record<string, unknown> = {};
  for await (const line of createInterface({ input: running.stdout })) {
    last = JSON.parse(line) as Record<string, unknown>;
    if ('held' in last) running.kill('SIGKILL');
  }
  await gone;
  return last;
}

const proved = { state: 'succeeded', verdict: 'proved' };
const record = ['1-lamps-of-lb-main-1.html'];

describe('kill -9 in the middle of a step', () => {
  it.each([
    ['resume', true, 'runs the step again', proved, ['on red', 'on green', 'on blue']],
    ['undo', true, 'takes the job back', { state: 'undone' }, ['on red', 'off green', 'off red']],
    ['ask', true, 'asks', { state: 'waiting', choices: ['resume', 'undo', 'stop'] }, ['on red']],
    ['resume', false, 'runs it again, which is safe', proved, ['on red', 'on green', 'on blue']],
    ['undo', false, 'takes the job back', { state: 'undone' }, ['on red', 'off green', 'off red']],
    ['ask', false, 'asks', { state: 'waiting', choices: ['resume', 'undo', 'stop'] }, ['on red']],
  ] as const)('of kind %s, effect not there (readable: %s): %s', async (kind, readable, _, job, effects) => {
    expect(await engine({ start: { kind }, hold: { point: 'before', lamp: 'green' } })).toEqual({ held: 'before' });
    const after = await engine({ readable });
    expect(after).toMatchObject({ job, effects, audit: { intact: true } });
    const waits = job.state === 'waiting';
    expect(after).toMatchObject(waits ? { holder: 1, records: [] } : { holder: null, records: record });
    if (job.state !== 'succeeded') expect(after).toMatchObject({ job: { error: { code: 'engine_lost' } } });
  });

  it.each(['resume', 'undo', 'ask'] as const)(
    'of kind %s, effect there: goes on, without a second run',
    async (kind) => {
      await engine({ start: { kind }, hold: { point: 'after', lamp: 'green' } });
      const after = await engine({});
      expect(after).toMatchObject({ job: proved, effects: ['on red', 'on green', 'on blue'], records: record });
    },
  );

  it('waits over a second restart, and goes on when a person says so', async () => {
    await engine({ start: { kind: 'ask' }, hold: { point: 'before', lamp: 'green' } });
    expect(await engine({})).toMatchObject({ job: { state: 'waiting' } });
    expect(await engine({})).toMatchObject({ job: { state: 'waiting' }, holder: 1 });
    expect(await engine({ decide: 'resume' })).toMatchObject({ job: proved, holder: null });
  });

  it('in an undo: the undo is finished', async () => {
    const hold = { point: 'undo', lamp: 'green' } as const;
    await engine({ start: { kind: 'resume', fails: 'blue' }, hold });
    const after = await engine({});
    expect(after).toMatchObject({ job: { state: 'undone' }, journal: ['undone', 'undone', 'undone'], lamps: [] });
    expect(after['effects']).toEqual(['on red', 'on green', 'off blue', 'off green', 'off red']);
  });
});

describe('kill -9 elsewhere', () => {
  it.each(['recheck', 'prove', 'ended'] as const)(
    'at %s: every step runs once, proof and record follow',
    async (point) => {
      expect(await engine({ start: { kind: 'ask' }, hold: { point } })).toEqual({ held: point });
      const after = await engine({});
      const effects = ['on red', 'on green', 'on blue'];
      expect(after).toMatchObject({ job: proved, effects, records: record, audit: { intact: true } });
    },
  );

  it('and a restart that does not know the kinds of its steps: waits, changes nothing', async () => {
    await engine({ start: { kind: 'resume' }, hold: { point: 'before', lamp: 'green' } });
    const after = await engine({ known: false });
    const job = { state: 'waiting', choices: ['stop'], error: { code: 'not_found' } };
    expect(after).toMatchObject({ job, effects: ['on red'], holder: 1 });
  });
});
