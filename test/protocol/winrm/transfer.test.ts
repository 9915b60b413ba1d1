import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { TRANSFER_SCRIPT, WinrmError, connect, type WinrmConnection } from '#engine/windows/winrm/index';
import type { ExecuteOutput, ExecuteRequest } from '#engine/practice-site/winrm-server/index';
import { practiceHost, type PracticeHost } from './practice-host';
import { temporaryFolder } from './python-peer';
import { needsPwsh, pwsh } from '#test/protocol/powershell/pwsh';

const hosts: PracticeHost[] = [];
const connections: WinrmConnection[] = [];
const folder = temporaryFolder();
afterEach(async () => {
  await Promise.all(connections.splice(0).map((connection) => connection.close()));
  await Promise.all(hosts.splice(0).map((host) => host.server.close()));
});
afterAll(folder.remove);

const limits = (): { readonly signal: AbortSignal; readonly deadlineMs: number } => ({
  signal: new AbortController().signal,
  deadlineMs: 40_000,
});

async function shellOf(
  execute: (request: ExecuteRequest) => AsyncIterable<ExecuteOutput>,
): Promise<Awaited<ReturnType<WinrmConnection['shell']>>> {
  const host = await practiceHost(execute, () => '', { readsAsItComes: () => true });
  hosts.push(host);
  const connection = await connect(host.http, limits());
  connections.push(connection);
  return connection.shell(limits());
}

interface Got {
  path: string;
  lines: number;
  longest: number;
  digest: string;
  readonly data: Buffer[];
}

/** A host that does what the script says, without PowerShell; `spoil` may change what it has written. */
function host(got: Got, spoil: (data: Buffer) => Buffer = (data) => data) {
  return async function* ({ script, input }: ExecuteRequest): AsyncGenerator<ExecuteOutput> {
    if (script !== TRANSFER_SCRIPT || input === undefined) throw new Error('Something else was asked.');
    let rest = '';
    const take = (line: string): void => {
      got.lines += 1;
      got.longest = Math.max(got.longest, line.length);
      if (got.path === '') got.path = Buffer.from(line, 'base64').toString('utf8');
      else if (line.startsWith('=')) got.digest = line.slice(1);
      else got.data.push(spoil(Buffer.from(line, 'base64')));
    };
    for await (const part of input) {
      const lines = (rest + part.toString('latin1')).split('\r\n');
      rest = lines.pop() ?? '';
      lines.forEach(take);
    }
    const all = Buffer.concat(got.data);
    const sha256 = createHash('sha256').update(all).digest('hex');
    const ok = sha256 === got.digest;
    yield {
      stream: 'stdout',
      data: `${JSON.stringify({ ok, bytes: all.length, sha256, message: ok ? '' : 'The digest differs.' })}\r\n`,
    };
    yield { exitCode: 0 };
  };
}
const nothing = (): Got => ({ path: '', lines: 0, longest: 0, digest: '', data: [] });

describe('a file to a host', () => {
  it.each([0, 1, 84_093, 84_094, 1_000_000])('of %i bytes arrives under its path', async (size) => {
    const got = nothing();
    const data = randomBytes(size);
    const file = String.raw`C:\Temp\Grün & Co\file '1'.bin`;
    const sent = await (await shellOf(host(got))).transfer(data, file, limits());
    expect(sent).toEqual({ bytes: size, sha256: createHash('sha256').update(data).digest('hex') });
    expect(got.path).toBe(file);
    expect(Buffer.concat(got.data).equals(data)).toBe(true);
  });

  it('goes in lines that fill a message each, from a stream too', async () => {
    const got = nothing();
    const source = folder.file('source', '');
    writeFileSync(source, randomBytes(3_000_000));
    await (await shellOf(host(got))).transfer(createReadStream(source), 'C:\\x', limits());
    expect(Buffer.concat(got.data).equals(readFileSync(source))).toBe(true);
    expect(got.lines).toBe(1 + Math.ceil(3_000_000 / 84_093) + 1);
    expect(got.longest).toBeLessThan(112_128);
    const sends = hosts[0]?.operations.filter(({ operation }) => operation === 'send').length;
    expect(sends).toBeLessThanOrEqual(got.lines);
  });

  it('that a host wrote differently is a failure with its reason', async () => {
    const got = nothing();
    const spoil = (data: Buffer): Buffer => Buffer.from(data.map((byte, n) => (n === 7 ? byte ^ 1 : byte)));
    const shell = await shellOf(host(got, spoil));
    const error: unknown = await shell.transfer(randomBytes(100), 'C:\\x', limits()).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(WinrmError);
    expect(error).toMatchObject({ kind: 'transfer-failed', message: expect.stringContaining('digest') as string });
  });

  it('is not believed to be there because the host says so', async () => {
    const shell = await shellOf(async function* () {
      yield { stream: 'stdout', data: '{"ok":true,"bytes":3,"sha256":"00","message":""}' };
      yield await Promise.resolve({ exitCode: 0 });
    });
    await expect(shell.transfer(Buffer.from('abc'), 'C:\\x', limits())).rejects.toMatchObject({
      kind: 'transfer-failed',
    });
  });

  it('that fails at the source leaves the command ended', async () => {
    const got = nothing();
    const shell = await shellOf(host(got));
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(randomBytes(200_000));
      throw new RangeError('disk gone');
    }
    await expect(shell.transfer(failing(), 'C:\\x', limits())).rejects.toThrow('disk gone');
    expect(hosts[0]?.operations.at(-1)?.operation).toBe('signal');
    expect(got.digest).toBe('');
  });
});

describe.skipIf(pwsh === null)(`the receiving script in a real PowerShell${needsPwsh}`, () => {
  /** Runs the script as the host would: encoded, its input over a pipe. */
  async function* real({ script, input }: ExecuteRequest): AsyncGenerator<ExecuteOutput> {
    const encoded = Buffer.from(script ?? '', 'utf16le').toString('base64');
    const child = spawn(pwsh ?? '', ['-NoProfile', '-NonInteractive', '-EncodedCommand', encoded]);
    const ended = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
    let stderr = '';
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString('utf8')));
    child.stdin.on('error', () => undefined);
    void (async () => {
      for await (const part of input ?? []) {
        if (!child.stdin.write(part)) await new Promise((resolve) => child.stdin.once('drain', resolve));
      }
      child.stdin.end();
    })();
    for await (const data of child.stdout as AsyncIterable<Buffer>) yield { stream: 'stdout', data };
    if (stderr !== '') yield { stream: 'stderr', data: stderr };
    yield { exitCode: await ended };
  }

  it('writes the file whole, in place of the one that was there', async () => {
    const target = path.join(folder.path, 'Grün & Co.bin');
    const shell = await shellOf(real);
    for (const size of [700_000, 300_001]) {
      const data = randomBytes(size);
      await shell.transfer(data, target, limits());
      expect(readFileSync(target).equals(data)).toBe(true);
    }
    expect(readdirSync(folder.path).filter((name) => name.endsWith('.evenkeel-part'))).toEqual([]);
  });

  it('leaves nothing of a file that came in part, and the old one as it was', async () => {
    const target = folder.file('kept.txt', 'as it was');
    const shell = await shellOf(async function* (request) {
      // The last line, with the digest, is lost.
      async function* cut(): AsyncGenerator<Buffer> {
        let text = '';
        for await (const part of request.input ?? []) text += part.toString('latin1');
        yield Buffer.from(text.slice(0, text.lastIndexOf('=') - 2));
      }
      yield* real({ ...request, input: cut() });
    });
    const error: unknown = await shell
      .transfer(Buffer.from('new'), target, limits())
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: 'transfer-failed', message: expect.stringContaining('ended early') as string });
    expect(readFileSync(target, 'utf8')).toBe('as it was');
    expect(existsSync(`${target}.evenkeel-part`)).toBe(false);
  });

  it('says why it cannot write', async () => {
    const shell = await shellOf(real);
    await expect(shell.transfer(Buffer.from('x'), '/no/such/folder/x', limits())).rejects.toThrow('/no/such/folder');
    await expect(shell.transfer(Buffer.from('x'), 'relative', limits())).rejects.toThrow('not absolute');
  });
});
