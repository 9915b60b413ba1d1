import http from 'node:http';
import https from 'node:https';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { connect, wire } from '#engine/windows/winrm/index';
import type { ExecuteOutput, WinrmServerOptions } from '#engine/practice-site/winrm-server/index';
import { ACCOUNT, DOMAIN_ACCOUNT, practiceHost, type PracticeHost } from './practice-host';

const { ntlm } = wire;

async function* nothing(): AsyncGenerator<ExecuteOutput> {
  yield await Promise.resolve({ exitCode: 0 });
}

const hosts: PracticeHost[] = [];
const agents: http.Agent[] = [];
async function start(more: Partial<WinrmServerOptions> = {}): Promise<PracticeHost> {
  const host = await practiceHost(nothing, () => '', more);
  hosts.push(host);
  return host;
}
afterEach(async () => {
  vi.useRealTimers();
  for (const agent of agents.splice(0)) agent.destroy();
  await Promise.all(hosts.splice(0).map((host) => host.server.close()));
});

interface Reply {
  readonly status: number;
  readonly challenges: readonly string[];
  readonly body: string;
}

/** Plain requests over one connection, as a client of the worst kind may send them. */
function poster(
  host: PracticeHost,
  scheme: 'http' | 'https',
): (headers: Record<string, string>, body?: string, path?: string) => Promise<Reply> {
  const module = scheme === 'http' ? http : https;
  const agent = new module.Agent({ keepAlive: true, maxSockets: 1 });
  agents.push(agent);
  return (headers, body = '', path = '/wsman') =>
    new Promise((resolve, reject) => {
      const options = {
        host: '127.0.0.1',
        port: host[scheme].port,
        path,
        method: 'POST',
        agent,
        headers,
        rejectUnauthorized: false,
      };
      const request = module.request(options, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            challenges: (response.headers['www-authenticate'] ?? '').split(', '),
            body: Buffer.concat(parts).toString('utf8'),
          }),
        );
      });
      request.on('error', reject);
      request.end(body);
    });
}

const negotiate = (message: Buffer): Record<string, string> => ({
  Authorization: `Negotiate ${message.toString('base64')}`,
});
const token = (reply: Reply): Buffer => Buffer.from(reply.challenges[0]?.split(' ')[1] ?? '', 'base64');
const basic = (account: { readonly username: string; readonly password: string }): Record<string, string> => ({
  Authorization: `Basic ${Buffer.from(`${account.username}:${account.password}`).toString('base64')}`,
  'Content-Type': wire.SOAP_CONTENT_TYPE,
});
const soap = (request: Parameters<typeof wire.writeEnvelope>[0]): string =>
  wire.writeEnvelope(request, { to: 'http://rs1/wsman', operationTimeoutSeconds: 1 }).text;

describe('the practice WinRM server', () => {
  it('offers Negotiate, and Basic only over TLS', async () => {
    const host = await start();
    expect(await poster(host, 'http')({})).toMatchObject({ status: 401, challenges: ['Negotiate'] });
    expect(await poster(host, 'https')({})).toMatchObject({
      status: 401,
      challenges: ['Negotiate', 'Basic realm="WSMAN"'],
    });
  });

  it('answers Identify without a login', async () => {
    const identify = `<s:Envelope xmlns:s="${wire.Namespace.soap}"><s:Body><i:Identify xmlns:i="${wire.Namespace.identity}"/></s:Body></s:Envelope>`;
    const reply = await poster(await start(), 'http')({ WSMANIDENTIFY: 'unauthenticated' }, identify);
    expect(reply).toMatchObject({ status: 200 });
    expect(wire.child(wire.parseXml(reply.body), 'Envelope', 'Body', 'IdentifyResponse')).toBeDefined();
  });

  it('refuses a spoiled MIC although the password is right', async () => {
    const post = poster(await start(), 'http');
    const client = new ntlm.NtlmClient(ACCOUNT);
    const { message } = client.authenticate(token(await post(negotiate(client.negotiate()))));
    message[ntlm.MIC_OFFSET] = (message[ntlm.MIC_OFFSET] ?? 0) ^ 1;
    expect(await post(negotiate(message))).toMatchObject({ status: 401 });
  });

  it.each([
    [ACCOUNT.password, 200],
    ['wrong', 401],
  ])('judges a login without MIC by its proof alone: %s', async (password, status) => {
    const post = poster(await start(), 'http');
    const client = new ntlm.NtlmClient({ ...ACCOUNT, password });
    const challenge = ntlm.readChallenge(token(await post(negotiate(client.negotiate()))));
    // Without the host's time a client sends no MIC.
    const targetInfo = challenge.targetInfo.filter(({ id }) => id !== ntlm.AvId.timestamp);
    const { message } = client.authenticate(ntlm.writeChallenge({ ...challenge, targetInfo }));
    expect(await post(negotiate(message))).toMatchObject({ status });
  });

  it('refuses the last message of a login that was never begun, and one that is used twice', async () => {
    const host = await start();
    const post = poster(host, 'http');
    const client = new ntlm.NtlmClient(ACCOUNT);
    const { message } = client.authenticate(token(await post(negotiate(client.negotiate()))));
    expect(await poster(host, 'http')(negotiate(message))).toMatchObject({ status: 401 });
    expect(await post(negotiate(message))).toMatchObject({ status: 200 });
    expect(await post(negotiate(message))).toMatchObject({ status: 401 });
  });

  it("keeps a shell from other accounts' hands", async () => {
    const host = await start();
    const post = poster(host, 'https');
    const created = await post(basic(ACCOUNT), soap({ action: wire.Action.create, body: '<rsp:Shell/>' }));
    const shellId = wire.textOf(wire.child(wire.parseXml(created.body), 'Envelope', 'Body', 'Shell', 'ShellId'));
    const remove = soap({ action: wire.Action.delete, shellId, body: '' });
    const foreign = await post(basic(DOMAIN_ACCOUNT), remove);
    expect(foreign).toMatchObject({ status: 500 });
    expect(foreign.body).toContain('Code="5"');
    expect(host.server.openShells()).toBe(1);
    expect(await post(basic(ACCOUNT), remove)).toMatchObject({ status: 200 });
    const gone = await post(basic(ACCOUNT), remove);
    expect(gone.body).toContain('Code="2150858843"');
  });

  it('refuses bodies that are too large, other paths and what is not SOAP', async () => {
    const post = poster(await start(), 'https');
    expect(await post(basic(ACCOUNT), 'x'.repeat(700 * 1024)).catch(() => ({ status: 413 }))).toMatchObject({
      status: 413,
    });
    expect(await post(basic(ACCOUNT), '', '/')).toMatchObject({ status: 404 });
    expect(await post(basic(ACCOUNT), 'not xml')).toMatchObject({ status: 400 });
    const unknown = await post(basic(ACCOUNT), soap({ action: 'urn:other', body: '' }));
    expect(unknown).toMatchObject({ status: 500 });
  });

  it('closes a shell 180 seconds after its last use, not its first', async () => {
    const host = await start();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const signal = new AbortController().signal;
    const connection = await connect(host.http, { signal });
    const shell = await connection.shell({ signal });
    vi.advanceTimersByTime(120_000);
    await shell.run({ commandLine: 'hostname' }, { signal, deadlineMs: 10_000 });
    vi.advanceTimersByTime(120_000);
    expect(host.server.openShells()).toBe(1);
    vi.advanceTimersByTime(61_000);
    expect(host.server.openShells()).toBe(0);
    vi.useRealTimers();
    expect(await connection.close()).toBe('closed');
  });
});
