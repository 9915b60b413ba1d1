import { createHash, X509Certificate } from 'node:crypto';
import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  WinrmError,
  connect,
  observeCertificate,
  runPowerShell,
  type WinrmErrorKind,
  type WinrmTarget,
} from '#engine/windows/winrm/index';
import type { ExecuteOutput, ExecuteRequest, WinrmServerOptions } from '#engine/practice-site/winrm-server/index';
import {
  ACCOUNT,
  DOMAIN_ACCOUNT,
  LIMITED_ACCOUNT,
  aborted,
  practiceHost,
  selfSigned,
  type PracticeHost,
} from './practice-host';

const fingerprint = (cert: string): string => createHash('sha256').update(new X509Certificate(cert).raw).digest('hex');

async function* say(text: string, exitCode = 0): AsyncGenerator<ExecuteOutput> {
  yield { stream: 'stdout', data: text };
  yield await Promise.resolve({ exitCode });
}

const hosts: PracticeHost[] = [];
async function start(
  execute: (request: ExecuteRequest) => AsyncIterable<ExecuteOutput> = () => say('hello\r\n'),
  more: Partial<WinrmServerOptions> = {},
): Promise<PracticeHost> {
  const host = await practiceHost(execute, fingerprint, more);
  hosts.push(host);
  return host;
}
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.server.close()));
});

function limits(deadlineMs = 15_000): { readonly signal: AbortSignal; readonly deadlineMs: number } {
  return { signal: new AbortController().signal, deadlineMs };
}

async function failure(work: Promise<unknown>): Promise<WinrmError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(WinrmError);
  if (error instanceof WinrmError) return error;
  throw new Error('It did not fail.');
}

const secret = 'Write-Output "the script itself"';

describe('running a script', () => {
  it.each(['http', 'https'] as const)('over %s with NTLM', async (scheme) => {
    const host = await start(() => say('{"ok":true}\r\n', 3));
    const result = await runPowerShell(host[scheme], secret, limits());
    expect(result).toEqual({ stdout: '{"ok":true}\r\n', stderr: '', exitCode: 3, shellMayRemain: false });
    expect(host.requests).toMatchObject([
      { kind: 'powershell', script: secret, user: { username: 'Operator', domain: '' } },
    ]);
    expect(host.operations.map(({ operation }) => operation)).toEqual([
      'login',
      'create',
      'command',
      'send',
      'receive',
      'signal',
      'delete',
    ]);
    const sealed = host.operations.filter(({ operation }) => operation !== 'login').map(({ encrypted }) => encrypted);
    expect(new Set(sealed)).toEqual(new Set([scheme === 'http']));
    expect(host.server.openShells()).toBe(0);
  });

  it('with an account of a domain', async () => {
    const host = await start();
    await runPowerShell({ ...host.http, auth: { kind: 'ntlm', ...DOMAIN_ACCOUNT } }, secret, limits());
    expect(host.operations[0]).toMatchObject({ operation: 'login', user: 'CLINIC\\svc-even' });
  });

  it('over HTTPS with Basic', async () => {
    const host = await start();
    const target: WinrmTarget = {
      ...host.https,
      auth: { kind: 'basic', username: ACCOUNT.username, password: ACCOUNT.password },
    };
    expect((await runPowerShell(target, secret, limits())).stdout).toBe('hello\r\n');
  });

  it('over HTTPS with a given CA', async () => {
    const host = await start();
    const target: WinrmTarget = { ...host.https, tls: { ca: host.cert } };
    // The certificate is for another name, so the CA does not vouch for this one.
    expect((await failure(connect(target, limits()))).kind).toBe('certificate-unknown');
  });

  it('binds the login to the TLS channel', async () => {
    const host = await start(() => say('bound'), { channelBinding: 'strict' });
    expect((await runPowerShell(host.https, secret, limits())).stdout).toBe('bound');
  });

  it('hands over a script of 400 kB and lines for its $input', async () => {
    const script = `# ${'ü'.repeat(200_000)}\nWrite-Output 1`;
    const host = await start((request) =>
      say(`${String(request.script === script)} ${request.stdin.toString('utf8')}`),
    );
    const result = await runPowerShell(host.http, script, { ...limits(), input: 'first\r\nsecond\r\n' });
    expect(result.stdout).toBe('true first\r\nsecond\r\n');
    expect(host.operations.filter(({ operation }) => operation === 'send').length).toBeGreaterThan(3);
  });

  it('decodes CLIXML on standard error', async () => {
    const clixml =
      '#< CLIXML\r\n<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">' +
      '<Obj S="progress" RefId="0"><MS><PR N="Record"><AV>Preparing modules</AV></PR></MS></Obj>' +
      '<S S="Error">Zugriff &lt;verweigert&gt;._x000D__x000A_</S></Objs>';
    const host = await start(async function* () {
      yield { stream: 'stderr', data: clixml };
      yield await Promise.resolve({ exitCode: 1 });
    });
    expect(await runPowerShell(host.http, secret, limits())).toMatchObject({
      stderr: 'Zugriff <verweigert>.\r\n',
      exitCode: 1,
    });
  });

  it('brings 5 MB of output, byte for byte', async () => {
    const line = `${'0123456789abcdef'.repeat(255)}grün €\n`;
    const lines = Math.ceil((5 * 1024 * 1024) / line.length);
    const host = await start(async function* () {
      for (let n = 0; n < lines; n++) yield await Promise.resolve<ExecuteOutput>({ stream: 'stdout', data: line });
      yield { exitCode: 0 };
    });
    const { stdout } = await runPowerShell(host.http, secret, limits());
    expect(stdout === line.repeat(lines)).toBe(true);
  });

  it('brings 5 MB that were written at once in replies below the envelope', async () => {
    const text = 'y'.repeat(5 * 1024 * 1024);
    const host = await start(() => say(text));
    const { stdout } = await runPowerShell(host.http, secret, limits());
    expect(stdout === text).toBe(true);
    expect(host.operations.filter(({ operation }) => operation === 'receive').length).toBeGreaterThan(40);
  });

  it('joins a character that two replies split', async () => {
    const bytes = Buffer.from('a€😀z');
    let next = (): void => undefined;
    const host = await start(
      async function* () {
        for (const byte of bytes) {
          // The next byte is made only when this one was fetched, so each travels in a reply of its own.
          const fetched = new Promise<void>((resolve) => (next = resolve));
          yield { stream: 'stdout', data: Buffer.of(byte) };
          await fetched;
        }
        yield { exitCode: 0 };
      },
      {
        onOperation: ({ operation }) => {
          if (operation === 'receive') setImmediate(() => next());
        },
      },
    );
    const seen: string[] = [];
    const result = await runPowerShell(host.http, secret, {
      ...limits(),
      onStdout: (text) => {
        seen.push(text);
      },
    });
    expect(seen).toEqual(['a', '€', '😀', 'z']);
    // What was handed over is not kept as well.
    expect(result.stdout).toBe('');
  });

  it('asks again while there is no output', async () => {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const host = await start(
      async function* () {
        await released;
        yield { stream: 'stdout', data: 'late' };
        yield { exitCode: 0 };
      },
      {
        onOperation: ({ operation }) => {
          if (operation === 'receive') receives += 1;
          if (receives === 2) release();
        },
      },
    );
    let receives = 0;
    expect((await runPowerShell(host.http, secret, limits())).stdout).toBe('late');
    expect(receives).toBeGreaterThanOrEqual(2);
  });
});

describe('a shell', () => {
  it('runs several commands over one login, arguments escaped', async () => {
    const host = await start((request) => say(request.commandLine));
    const connection = await connect(host.http, limits());
    const shell = await connection.shell(limits());
    expect((await shell.run({ commandLine: 'ipconfig', args: ['/all', '<&">'] }, limits())).stdout).toBe(
      'ipconfig /all <&">',
    );
    expect((await shell.run({ commandLine: 'hostname' }, limits())).stdout).toBe('hostname');
    expect(await connection.close()).toBe('closed');
    expect(host.operations.filter(({ operation }) => operation === 'login')).toHaveLength(1);
    expect(host.server.openShells()).toBe(0);
  });

  it('logs in anew when the host closed the idle connection', async () => {
    const host = await start();
    const relay = await startRelay(host.http.port);
    const connection = await connect({ ...host.http, port: relay.port }, limits());
    const shell = await connection.shell(limits());
    await relay.cut();
    expect((await shell.run({ commandLine: 'hostname' }, limits())).stdout).toBe('hello\r\n');
    expect(await shell.close()).toBe('closed');
    expect(host.operations.filter(({ operation }) => operation === 'login')).toHaveLength(2);
    await connection.close();
    await relay.close();
  });

  it('is told to end the command and the shell when the caller aborts', async () => {
    const controller = new AbortController();
    let ended = false;
    const host = await start(async function* (request) {
      yield { stream: 'stdout', data: 'working' };
      await aborted(request.signal);
      ended = true;
      yield { exitCode: 1 };
    });
    const work = runPowerShell(host.http, secret, {
      signal: controller.signal,
      deadlineMs: 15_000,
      onStdout: () => controller.abort(),
    });
    expect(await failure(work)).toMatchObject({ kind: 'aborted', shellMayRemain: false });
    expect(host.operations.map(({ operation }) => operation).slice(-2)).toEqual(['signal', 'delete']);
    expect(ended).toBe(true);
    expect(host.server.openShells()).toBe(0);
  });

  it('ends a command at its deadline', async () => {
    const host = await start(async function* (request) {
      await aborted(request.signal);
      yield { exitCode: 1 };
    });
    expect(await failure(runPowerShell(host.http, secret, limits(300)))).toMatchObject({
      kind: 'timeout',
      shellMayRemain: false,
    });
    expect(host.server.openShells()).toBe(0);
  });

  it('ends a command whose input never comes', async () => {
    const host = await start();
    const connection = await connect(host.http, limits());
    const shell = await connection.shell(limits());
    const never: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }),
    };
    const error = await failure(shell.run({ commandLine: 'more' }, { ...limits(200), input: never }));
    expect(error.kind).toBe('timeout');
    expect(host.operations.at(-1)?.operation).toBe('signal');
    expect(await connection.close()).toBe('closed');
  });

  it('hands on an error of the input and ends the command', async () => {
    const host = await start();
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from('x'));
      throw new RangeError('disk gone');
    }
    const connection = await connect(host.http, limits());
    const shell = await connection.shell(limits());
    await expect(shell.run({ commandLine: 'more' }, { ...limits(), input: failing() })).rejects.toThrow('disk gone');
    expect(host.operations.at(-1)?.operation).toBe('signal');
    expect(await connection.close()).toBe('closed');
  });

  it('stops at the limit of kept output', async () => {
    const host = await start(() => say('x'.repeat(5000)));
    const work = runPowerShell(host.http, secret, { ...limits(), outputLimit: 1000 });
    expect((await failure(work)).kind).toBe('output-limit');
    expect(host.server.openShells()).toBe(0);
  });
});

describe('what goes wrong', () => {
  async function kindOf(target: WinrmTarget): Promise<WinrmErrorKind> {
    const error = await failure(runPowerShell(target, secret, limits()));
    const text = JSON.stringify([error.message, error.advice, error.stack, error.certificate]);
    for (const hidden of [ACCOUNT.password, secret]) expect(text).not.toContain(hidden);
    return error.kind;
  }

  it('a wrong password', async () => {
    const host = await start();
    for (const target of [host.http, host.https]) {
      expect(await kindOf({ ...target, auth: { kind: 'ntlm', ...ACCOUNT, password: 'wrong' } })).toBe('login-refused');
    }
    expect(await kindOf({ ...host.https, auth: { kind: 'basic', username: 'Operator', password: 'wrong' } })).toBe(
      'login-refused',
    );
  });

  it('credentials that stop being right', async () => {
    const host = await start();
    host.faults.wrongCredentials = true;
    expect(await kindOf(host.http)).toBe('login-refused');
    host.faults.wrongCredentials = false;
    expect((await runPowerShell(host.http, secret, limits())).exitCode).toBe(0);
  });

  it('Basic over plain HTTP, before anything is sent', async () => {
    const host = await start();
    expect(
      await kindOf({ ...host.http, auth: { kind: 'basic', username: 'Operator', password: ACCOUNT.password } }),
    ).toBe('auth-not-offered');
    expect(host.operations).toEqual([]);
  });

  it('a certificate that nobody confirmed, or that changed', async () => {
    const host = await start();
    const { tls: _tls, ...unpinned } = host.https;
    const unknown = await failure(connect(unpinned, limits()));
    expect(unknown).toMatchObject({ kind: 'certificate-unknown', certificate: { sha256: fingerprint(host.cert) } });
    const other = fingerprint((await selfSigned()).cert);
    const changed = await failure(connect({ ...host.https, tls: { pinnedSha256: other } }, limits()));
    expect(changed).toMatchObject({ kind: 'certificate-changed', certificate: { sha256: fingerprint(host.cert) } });
    expect(host.operations).toEqual([]);
  });

  it('observes a certificate for the confirmation', async () => {
    const host = await start();
    const seen = await observeCertificate('127.0.0.1', host.https.port, { signal: limits().signal, timeoutMs: 5000 });
    expect(seen).toMatchObject({ sha256: fingerprint(host.cert), subject: 'CN=rs1.practice' });
    expect(Date.parse(seen.notAfter)).toBeGreaterThan(Date.now());
  });

  it('a login that something between relayed: the channel does not fit', async () => {
    const host = await start();
    const middle = await selfSigned();
    // The relayed side shows another certificate than the host's own.
    const relay = await startTlsRelay(host.https.port, middle);
    const target = { ...host.https, port: relay.port, tls: { pinnedSha256: fingerprint(middle.cert) } };
    expect(await kindOf(target)).toBe('login-refused');
    await relay.close();
  });

  it('nothing listens', async () => {
    const host = await start();
    await host.server.close();
    expect(await kindOf(host.http)).toBe('connect-refused');
  });

  it('a name that does not exist', async () => {
    expect(
      await kindOf({ host: 'no-such-host.invalid', port: 5985, scheme: 'http', auth: { kind: 'ntlm', ...ACCOUNT } }),
    ).toBe('host-not-found');
  });

  it('connections that are reset', async () => {
    const host = await start();
    host.faults.refuse = true;
    expect(await kindOf(host.http)).toBe('link-cut');
  });

  it('a host that accepts and never answers', async () => {
    const silent = net.createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const controller = new AbortController();
    silent.on('connection', () => controller.abort());
    const target: WinrmTarget = { host: '127.0.0.1', port, scheme: 'http', auth: { kind: 'ntlm', ...ACCOUNT } };
    expect((await failure(connect(target, { signal: controller.signal }))).kind).toBe('aborted');
    silent.close();
  });

  it('TLS asked of a port that speaks plain HTTP', async () => {
    const host = await start();
    expect(await kindOf({ ...host.https, port: host.http.port })).toBe('tls-failed');
  });

  it.each([50, 900, 2500, 40_000])('a link cut after %i bytes of replies', async (bytes) => {
    const host = await start(() => say('x'.repeat(200_000)));
    host.faults.cutAtByte = bytes;
    expect(await failure(runPowerShell(host.http, secret, limits()))).toMatchObject({ kind: 'link-cut' });
  });

  it('a link cut once: the shell is closed over a new connection', async () => {
    const host = await start(async function* () {
      yield { stream: 'stdout', data: 'x'.repeat(200_000) };
      host.faults.cutAtByte = 10_000;
      yield await Promise.resolve({ exitCode: 0 });
    });
    const error = await failure(runPowerShell(host.http, secret, limits()));
    expect(error).toMatchObject({ kind: 'link-cut', shellMayRemain: false });
    expect(host.server.openShells()).toBe(0);
  });

  it('a link that is gone for good: the error says that a shell may remain', async () => {
    const host = await start(async function* () {
      host.faults.refuse = true;
      host.faults.cutAtByte = 1;
      yield { stream: 'stdout', data: 'x' };
      yield await Promise.resolve({ exitCode: 0 });
    });
    const error = await failure(runPowerShell(host.http, secret, limits()));
    expect(error).toMatchObject({ kind: 'link-cut', shellMayRemain: true });
    expect(host.server.openShells()).toBe(1);
    host.faults.refuse = false;
    delete host.faults.cutAtByte;
    const connection = await connect(host.http, limits());
    const shell = await connection.shell(limits());
    // Whoever keeps the shell learns it from the run itself.
    expect(await failure(shell.run({ powershell: secret }, limits()))).toMatchObject({
      kind: 'link-cut',
      shellMayRemain: true,
    });
    expect(await connection.close()).toBe('may-remain');
  });

  it('a path that is not WinRM', async () => {
    const host = await start();
    const error = await failure(connect({ ...host.http, path: '/other' }, limits()));
    expect(error).toMatchObject({ kind: 'protocol', httpStatus: 404 });
  });

  it('an account that may not open shells, with advice', async () => {
    const host = await start();
    const error = await failure(
      runPowerShell({ ...host.http, auth: { kind: 'ntlm', ...LIMITED_ACCOUNT } }, secret, limits()),
    );
    expect(error).toMatchObject({ kind: 'access-denied', wsmanCode: 5 });
    expect(error.advice).toContain('LocalAccountTokenFilterPolicy');
  });

  it('too many shells, with advice', async () => {
    const host = await start();
    const connection = await connect(host.http, limits());
    for (let n = 0; n < 30; n++) await connection.shell(limits());
    const error = await failure(connection.shell(limits()));
    expect(error).toMatchObject({ kind: 'fault', wsmanCode: 2150859173 });
    expect(error.advice).toContain('MaxShellsPerUser');
    expect(await connection.close()).toBe('closed');
    expect(host.server.openShells()).toBe(0);
  });

  it('a shell that the host closed as idle', async () => {
    const host = await start(() => say('x'), { idleShellMs: 20 });
    const connection = await connect(host.http, limits());
    const shell = await connection.shell(limits());
    await expect.poll(() => host.server.openShells()).toBe(0);
    expect(await failure(shell.run({ commandLine: 'hostname' }, limits()))).toMatchObject({
      kind: 'fault',
      wsmanCode: 2150858843,
    });
    expect(await connection.close()).toBe('closed');
  });
});

interface Relay {
  readonly port: number;
  readonly cut: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Passes bytes on to a port of this computer; can cut what is open. */
async function startRelay(
  to: number,
  server: net.Server = net.createServer(),
  event = 'connection',
  outgoing = (): net.Socket => net.connect(to, '127.0.0.1'),
): Promise<Relay> {
  const sockets = new Set<net.Socket>();
  server.on(event, (near: net.Socket) => {
    const far = outgoing();
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        near.destroy();
        far.destroy();
        sockets.delete(socket);
      });
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const cut = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await expect.poll(() => sockets.size).toBe(0);
  };
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    cut,
    close: async () => {
      await cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function startTlsRelay(
  to: number,
  { key, cert }: { readonly key: string; readonly cert: string },
): Promise<Relay> {
  const tls = await import('node:tls');
  return startRelay(to, tls.createServer({ key, cert }), 'secureConnection', () =>
    tls.connect({ port: to, host: '127.0.0.1', rejectUnauthorized: false }),
  );
}
