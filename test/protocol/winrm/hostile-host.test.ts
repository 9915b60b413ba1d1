import net from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { WinrmError, connect, wire, type WinrmTarget } from '#engine/windows/winrm/index';

const { ntlm } = wire;
const RUNS = 150;

const servers: { readonly close: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** A host whose nth reply on a connection is given; then it closes, so that a client never waits for more. */
async function hostOf(replies: (n: number) => Buffer | undefined): Promise<WinrmTarget> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    let n = 0;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', () => {
      const reply = replies(n++);
      if (!reply) return void socket.destroy();
      socket.write(reply);
      if (!replies(n)) socket.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push({
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  });
  const address = server.address();
  return {
    host: '127.0.0.1',
    port: address !== null && typeof address === 'object' ? address.port : 0,
    scheme: 'http',
    auth: { kind: 'ntlm', username: 'u', password: 'hidden-Password', domain: '' },
    operationTimeoutSeconds: 1,
  };
}

const challenge = ntlm.writeChallenge({
  flags: ntlm.CLIENT_FLAGS,
  serverChallenge: Buffer.alloc(8, 1),
  targetName: 'RS1',
  targetInfo: [{ id: ntlm.AvId.timestamp, value: Buffer.alloc(8, 1) }],
});
const asks = (token: Buffer): Buffer =>
  Buffer.from(
    `HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Negotiate ${token.toString('base64')}\r\nContent-Length: 0\r\n\r\n`,
  );
const agrees = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
const signal = (): AbortSignal => new AbortController().signal;

async function outcome(target: WinrmTarget): Promise<WinrmError> {
  const error: unknown = await connect(target, { signal: signal() })
    .then(async (connection) => {
      try {
        return await connection.shell({ signal: signal() });
      } finally {
        await connection.close();
      }
    })
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(WinrmError);
  if (!(error instanceof WinrmError)) throw new Error('The hostile host was believed.');
  expect(`${error.message} ${error.stack ?? ''}`).not.toContain('hidden-Password');
  return error;
}

describe('a host that answers wrongly', () => {
  it('takes the login and then answers in the clear', async () => {
    const plain = '<s:Envelope xmlns:s="s"><s:Body/></s:Envelope>';
    const reply = `HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\nContent-Length: ${String(plain.length)}\r\n\r\n${plain}`;
    const target = await hostOf((n) => [asks(challenge), agrees, Buffer.from(reply)][n]);
    expect(await outcome(target)).toMatchObject({
      kind: 'protocol',
      message: expect.stringContaining('without encryption') as string,
    });
  });

  it('takes the login and answers with a frame of another key', async () => {
    const frame = wire.encryptMessage(new ntlm.NtlmSession(Buffer.alloc(16), 'server'), Buffer.from('<a/>'));
    const head = `HTTP/1.1 200 OK\r\nContent-Type: ${wire.ENCRYPTED_CONTENT_TYPE}\r\nContent-Length: ${String(frame.length)}\r\n\r\n`;
    const target = await hostOf((n) => [asks(challenge), agrees, Buffer.concat([Buffer.from(head), frame])][n]);
    expect(await outcome(target)).toMatchObject({
      kind: 'protocol',
      message: expect.stringContaining('signature') as string,
    });
  });

  it('offers only what this client does not speak', async () => {
    const target = await hostOf((n) =>
      n === 0 ? Buffer.from('HTTP/1.1 401 No\r\nWWW-Authenticate: Kerberos\r\nContent-Length: 0\r\n\r\n') : undefined,
    );
    expect(await outcome(target)).toMatchObject({ kind: 'auth-not-offered', httpStatus: 401 });
  });

  it('offers bare NTLM only', async () => {
    const offer = Buffer.from('HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n');
    const ntlmAsks = Buffer.from(asks(challenge).toString('latin1').replace('Negotiate', 'NTLM'), 'latin1');
    const target = await hostOf((n) => [offer, ntlmAsks, agrees, agrees][n]);
    expect(await outcome(target)).toMatchObject({ kind: 'protocol', httpStatus: 200 });
  });

  it('closes in the middle of the login', async () => {
    const target = await hostOf(() => undefined);
    expect((await outcome(target)).kind).toBe('link-cut');
  });

  it('streams headers without end', async () => {
    const target = await hostOf((n) =>
      n === 0 ? Buffer.from(`HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(20_000)}`) : undefined,
    );
    expect((await outcome(target)).kind).toBe('protocol');
  });

  it(`${String(RUNS)} damaged replies over a real connection end in a typed error`, async () => {
    const good = [asks(challenge), agrees, agrees];
    let current = good;
    const target = await hostOf((n) => current[n]);
    await fc.assert(
      fc.asyncProperty(fc.nat(2), fc.nat(400), fc.nat(255), fc.boolean(), async (which, at, value, cut) => {
        // Nothing follows the damaged reply: the host closes the connection after it.
        const damaged = Buffer.from(good[which] ?? agrees);
        damaged[at % damaged.length] = value;
        const last = cut ? damaged.subarray(0, (at % damaged.length) + 1) : damaged;
        current = [...good.slice(0, which), last];
        await outcome(target);
      }),
      { numRuns: RUNS },
    );
  });
});
