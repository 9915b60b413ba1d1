import { createHash, randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import { WinrmError, connect, type WinrmConnection, type WinrmTarget } from '#engine/windows/winrm/index';
import type { ExecuteOutput, ExecuteRequest, WinrmServerOptions } from '#engine/practice-site/winrm-server/index';
import { practiceHost, type PracticeHost } from './practice-host';

const hosts: PracticeHost[] = [];
const connections: WinrmConnection[] = [];
afterEach(async () => {
  await Promise.all(connections.splice(0).map((connection) => connection.close()));
  await Promise.all(hosts.splice(0).map((host) => host.server.close()));
});

async function start(
  execute: (request: ExecuteRequest) => AsyncIterable<ExecuteOutput>,
  more: Partial<WinrmServerOptions> = {},
): Promise<PracticeHost> {
  const host = await practiceHost(execute, () => '', { readsAsItComes: () => true, ...more });
  hosts.push(host);
  return host;
}

async function open(target: WinrmTarget): Promise<WinrmConnection> {
  const connection = await connect(target, limits());
  connections.push(connection);
  return connection;
}

const limits = (): { readonly signal: AbortSignal; readonly deadlineMs: number } => ({
  signal: new AbortController().signal,
  deadlineMs: 60_000,
});
const out = (data: Uint8Array | string): ExecuteOutput => ({ stream: 'stdout', data });

/** Like `cat`: gives back what it reads, as it reads it. */
async function* echo({ input }: ExecuteRequest): AsyncGenerator<ExecuteOutput> {
  if (input === undefined) throw new Error('No input.');
  for await (const part of input) yield out(part);
  yield { exitCode: 0 };
}

describe('input and output at the same time', () => {
  it('a command that writes before it reads, and reads as it writes, does not stall: 7 MB out, 4 MB in', async () => {
    const host = await start(async function* (request) {
      // More than the host keeps for a client that does not fetch it.
      for (let n = 0; n < 48; n++) yield await Promise.resolve(out('-'.repeat(64 * 1024)));
      yield* echo(request);
    });
    const shell = await (await open(host.http)).shell(limits());
    const data = randomBytes(2 * 1024 * 1024).toString('hex');
    const { stdout, exitCode } = await shell.run({ commandLine: 'cat' }, { ...limits(), input: data });
    expect(exitCode).toBe(0);
    expect(stdout === '-'.repeat(3 * 1024 * 1024) + data).toBe(true);
  });

  it('what a command answers is there before the input has ended', async () => {
    const host = await start(echo);
    const shell = await (await open(host.http)).shell(limits());
    let answered = (): void => undefined;
    const answer = new Promise<void>((resolve) => (answered = resolve));
    async function* ask(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('x'.repeat(120_000));
      await answer;
      yield Buffer.from('second');
    }
    let seen = '';
    const onStdout = (text: string): void => {
      seen += text;
      answered();
    };
    await shell.run({ commandLine: 'cat' }, { ...limits(), input: ask(), onStdout });
    expect(seen === `${'x'.repeat(120_000)}second`).toBe(true);
  });

  it('the second login is kept for the next command of the shell', async () => {
    const host = await start(echo);
    const shell = await (await open(host.http)).shell(limits());
    for (let n = 0; n < 3; n++) {
      const input = 'x'.repeat(10_000);
      expect((await shell.run({ commandLine: 'cat' }, { ...limits(), input })).stdout).toBe(input);
    }
    expect(host.operations.filter(({ operation }) => operation === 'login')).toHaveLength(2);
  });

  it('a command that ends without reading its input still gives output and exit code', async () => {
    const host = await start(async function* () {
      yield out('enough');
      yield await Promise.resolve({ exitCode: 4 });
    });
    const shell = await (await open(host.http)).shell(limits());
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) yield await Promise.resolve(Buffer.alloc(50_000, 0x78));
    }
    const result = await shell.run({ commandLine: 'head' }, { ...limits(), input: endless() });
    expect(result).toMatchObject({ stdout: 'enough', exitCode: 4 });
  });

  it('an input that fails ends the reading too, and the command', async () => {
    const host = await start(echo);
    const shell = await (await open(host.http)).shell(limits());
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from('x'));
      throw new RangeError('disk gone');
    }
    await expect(shell.run({ commandLine: 'cat' }, { ...limits(), input: failing() })).rejects.toThrow('disk gone');
    expect(host.operations.at(-1)?.operation).toBe('signal');
  });

  it('a cancel while both are under way ends the command on the host', async () => {
    const controller = new AbortController();
    let ended = false;
    const host = await start(async function* (request) {
      yield out('working');
      for await (const part of request.input ?? []) yield out(part);
      ended = true;
      yield { exitCode: 1 };
    });
    const connection = await open(host.http);
    const shell = await connection.shell(limits());
    const never: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }),
    };
    const options = { ...limits(), signal: controller.signal, input: never, onStdout: () => controller.abort() };
    const error: unknown = await shell.run({ commandLine: 'cat' }, options).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(WinrmError);
    expect(error).toMatchObject({ kind: 'aborted', shellMayRemain: false });
    await expect.poll(() => ended).toBe(true);
    expect(await connection.close()).toBe('closed');
    expect(host.operations.slice(-2).map(({ operation }) => operation)).toEqual(['signal', 'delete']);
  });
});

describe('long output', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const held = (): number => {
    // Twice: buffers outside of the heap are let go of after the first.
    collect();
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };

  it('40 MB go through whole, and nothing of it is kept', async () => {
    const block = randomBytes(512 * 1024).toString('hex');
    const blocks = 40;
    const host = await start(
      async function* () {
        for (let n = 0; n < blocks; n++) yield await Promise.resolve(out(block));
        yield { exitCode: 0 };
      },
      { readsAsItComes: () => false },
    );
    const hash = createHash('sha256');
    const expected = createHash('sha256');
    for (let n = 0; n < blocks; n++) expected.update(block);
    const shell = await (await open(host.http)).shell(limits());
    let characters = 0;
    let next = 0;
    const samples: number[] = [];
    const onStdout = (text: string): void => {
      hash.update(text);
      characters += text.length;
      if (characters < next) return;
      samples.push(held());
      next = characters + 10 * 1024 * 1024;
    };
    const result = await shell.run({ powershell: 'x' }, { ...limits(), onStdout });
    expect(characters).toBe(blocks * block.length);
    expect(hash.digest('hex')).toBe(expected.digest('hex'));
    expect(result.stdout).toBe('');
    // From the first 10 MB to the last: what is kept would show as 30 MB.
    expect(samples).toHaveLength(4);
    expect((samples.at(-1) ?? 0) - (samples[0] ?? 0)).toBeLessThan(10 * 1024 * 1024);
  });

  it('is fetched no faster than it is taken', async () => {
    let made = 0;
    const host = await start(
      async function* () {
        for (; made < 64; made++) yield await Promise.resolve(out('x'.repeat(256 * 1024)));
        yield { exitCode: 0 };
      },
      { readsAsItComes: () => false },
    );
    const shell = await (await open(host.http)).shell(limits());
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    let first = (): void => undefined;
    const arrived = new Promise<void>((resolve) => (first = resolve));
    let characters = 0;
    const run = shell.run(
      { powershell: 'x' },
      {
        ...limits(),
        onStdout: async (text) => {
          first();
          await released;
          characters += text.length;
        },
      },
    );
    await arrived;
    const receives = (): number => host.operations.filter(({ operation }) => operation === 'receive').length;
    await new Promise((resolve) => setImmediate(resolve));
    expect(receives()).toBe(1);
    expect(made).toBeLessThan(64);
    release();
    await run;
    expect(characters).toBe(64 * 256 * 1024);
  });

  it('an error of whoever takes the text ends the command', async () => {
    const host = await start(
      async function* () {
        yield out('x');
        yield await Promise.resolve({ exitCode: 0 });
      },
      { readsAsItComes: () => false },
    );
    const shell = await (await open(host.http)).shell(limits());
    const onStdout = (): void => {
      throw new RangeError('not this');
    };
    await expect(shell.run({ powershell: 'x' }, { ...limits(), onStdout })).rejects.toThrow('not this');
    expect(host.operations.at(-1)?.operation).toBe('signal');
  });
});

describe('connections that nothing uses', () => {
  it('are closed by this side; the shell goes on over a new login', async () => {
    const host = await start(echo);
    const connection = await open({ ...host.http, idleSeconds: 0.05 });
    const shell = await connection.shell(limits());
    await expect.poll(() => host.server.connections()).toBe(0);
    expect(host.server.openShells()).toBe(1);
    expect((await shell.run({ commandLine: 'cat' }, { ...limits(), input: 'again' })).stdout).toBe('again');
    expect(host.operations.filter(({ operation }) => operation === 'login')).toHaveLength(2);
    expect(await connection.close()).toBe('closed');
    expect(host.server.openShells()).toBe(0);
  });
});
