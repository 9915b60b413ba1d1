import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Dispatcher } from '#engine/dispatch/index';
import { EvenkeelError } from '#shared/errors';
import { startWebHost, type WebHost } from '#web-host/index';
import { fakeHandlers } from '#test/support/fake-handlers';

let folder: string;
let host: WebHost;
let port: number;
let token: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evenkeel-web-'));
  await mkdir(join(folder, 'window'));
  await writeFile(join(folder, 'window', 'index.html'), '<!doctype html><title>Evenkeel</title>');
  await writeFile(join(folder, 'secret.html'), 'outside');
  const dispatcher = new Dispatcher({
    handlers: fakeHandlers({
      'system.settings': () =>
        Promise.resolve({ theme: 'dark', motion: 'system', operator: 'jokafor', pollSeconds: 10 }),
    }),
    operator: () => 'jokafor',
    logUnexpected: () => 'log',
  });
  host = await startWebHost({
    windowFolder: join(folder, 'window'),
    incomingFolder: join(folder, 'incoming'),
    serve: (way) => dispatcher.serve(way),
    report: (error) => (error instanceof EvenkeelError ? error : new EvenkeelError('internal')),
  });
  const url = new URL(host.url);
  port = Number(url.port);
  token = url.hash.replace('#token=', '');
});

afterEach(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function ask(path: string, headers: Record<string, string> = {}, method = 'GET', body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Opens the socket, sends the lines given, and tells what came back until it closed or enough came. */
function talk(
  lines: readonly unknown[],
  origin: string | undefined,
  wanted: number,
): Promise<{ got: unknown[]; closed: number | null }> {
  return new Promise((resolve) => {
    const got: unknown[] = [];
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, origin === undefined ? {} : { origin });
    socket.on('open', () => {
      for (const line of lines) socket.send(JSON.stringify(line));
    });
    socket.on('message', (data: Buffer) => {
      got.push(JSON.parse(data.toString()));
      if (got.length === wanted) socket.close();
    });
    socket.on('error', () => resolve({ got, closed: null }));
    socket.on('close', (code) => resolve({ got, closed: code }));
  });
}

describe('the web host', () => {
  const own = () => `http://127.0.0.1:${port}`;
  const call = { t: 'call', id: 1, name: 'system.settings', input: {}, deadlineMs: null };

  it('serves the window with a policy that loads nothing from elsewhere', async () => {
    const answer = await ask('/');
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('<title>Evenkeel</title>');
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it.each(['/../secret.html', '/%2e%2e/secret.html', '/..%2fsecret.html', '/nothing.html', '/'.repeat(5)])(
    'has nothing under %s',
    async (path) => {
      expect(await ask(path)).toMatchObject({ status: 404 });
    },
  );

  it('refuses another host name, as a rebound name would send', async () => {
    expect(await ask('/', { host: `evil.example:${port}` })).toMatchObject({ status: 403 });
  });

  it('refuses another origin', async () => {
    expect(await ask('/', { origin: 'http://evil.example' })).toMatchObject({ status: 403 });
  });

  it('answers calls after the token was shown', async () => {
    const { got } = await talk([{ t: 'hello', token }, call], own(), 2);
    expect(got).toEqual([
      { t: 'welcome' },
      expect.objectContaining({
        t: 'result',
        id: 1,
        output: expect.objectContaining({ operator: 'jokafor' }) as unknown,
      }),
    ]);
  });

  it('closes on a wrong token and answers nothing', async () => {
    expect(await talk([{ t: 'hello', token: 'wrong' }, call], own(), 2)).toEqual({ got: [], closed: 4401 });
  });

  it('closes when a call comes before the token', async () => {
    expect(await talk([call], own(), 1)).toEqual({ got: [], closed: 4401 });
  });

  it.each([undefined, 'http://evil.example', 'null'])('refuses a socket from origin %s', async (origin) => {
    expect(await talk([{ t: 'hello', token }, call], origin, 2)).toEqual({ got: [], closed: null });
  });

  it('takes a file with the token and keeps it under its own name', async () => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await ask('/files/lb_update.8.13.2-1.lb.tar.gz', headers, 'PUT', 'the archive');
    expect(answer.status).toBe(200);
    const { path } = JSON.parse(answer.body) as { path: string };
    expect(path.endsWith('/lb_update.8.13.2-1.lb.tar.gz')).toBe(true);
    expect(await readFile(path, 'utf8')).toBe('the archive');
  });

  it('takes no file without the token', async () => {
    expect(await ask('/files/a.tar.gz', {}, 'PUT', 'x')).toMatchObject({ status: 401 });
  });

  it('takes no file whose name leads elsewhere', async () => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await ask('/files/..%2f..%2fx', headers, 'PUT', 'x');
    expect(answer.status).toBe(400);
    expect(answer.body).toContain('invalid_argument');
  });

  it('goes on after a peer that breaks the rules of WebSocket, before and after the token', async () => {
    const asking =
      `GET /ws HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: ${own()}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n';
    // A frame without a mask [RFC 6455 5.1].
    await breakIn(asking, Buffer.from([0x81, 0x02, 0x7b, 0x7d]));
    await breakIn(asking.replace(own(), 'http://evil.example'), Buffer.from([0x81, 0x02, 0x7b, 0x7d]));
    expect((await talk([{ t: 'hello', token }, call], own(), 2)).got).toHaveLength(2);
  });
});

/** Upgrades by hand, sends the bytes, and waits for the end. */
function breakIn(asking: string, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(asking));
    socket.once('data', () => socket.write(bytes));
    socket.on('error', () => resolve());
    socket.on('close', () => resolve());
  });
}
