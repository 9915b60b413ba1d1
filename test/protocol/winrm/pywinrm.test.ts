import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExecuteOutput, ExecuteRequest } from '#engine/practice-site/winrm-server/index';
import { practiceHost, type PracticeHost } from './practice-host';
import { LEGACY_OPENSSL, missingModules, runPython, temporaryFolder } from './python-peer';

const missing = missingModules(['winrm', 'requests_ntlm'], 'python3-winrm, python3-requests-ntlm');
// Requests sends Basic in Latin-1, so this account has letters that need no encoding.
const ASCII = { username: 'vagrant', password: 'Pa55 word', domain: '' };
const folder = temporaryFolder();
const openssl = folder.file('openssl.cnf', LEGACY_OPENSSL);
afterAll(folder.remove);

// pywinrm 0.3 fails on its own at standard error of a script, so only the command writes there.
async function* machine(request: ExecuteRequest): AsyncGenerator<ExecuteOutput> {
  const exit = /^exit (\d+)$/.exec(request.script ?? '')?.[1];
  if (exit !== undefined) {
    yield { exitCode: Number(exit) };
  } else if (request.script === 'long') {
    for (let n = 0; n < 200; n++)
      yield await Promise.resolve<ExecuteOutput>({ stream: 'stdout', data: 'ü'.repeat(8192) });
    yield { exitCode: 3 };
  } else if (request.kind === 'powershell') {
    yield { stream: 'stdout', data: `ran ${request.script ?? ''}\r\n` };
    yield { exitCode: 0 };
  } else if (request.commandLine === 'long') {
    for (let n = 0; n < 400; n++)
      yield await Promise.resolve<ExecuteOutput>({ stream: 'stdout', data: 'x'.repeat(1024) });
    yield { exitCode: 0 };
  } else {
    yield { stream: 'stdout', data: `${request.commandLine}: grün €\r\n` };
    yield { stream: 'stderr', data: 'a warning' };
    yield { exitCode: 7 };
  }
}

const text = (value: string): string => Buffer.from(value, 'base64').toString('utf8');

describe.skipIf(missing)(`pywinrm as a client of the practice server ${missing ?? ''}`, () => {
  let host: PracticeHost;
  beforeEach(async () => {
    host = await practiceHost(machine, () => '', { accounts: [ASCII] });
  });
  afterEach(async () => {
    await host.server.close();
  });

  const endpoint = (scheme: 'http' | 'https'): string => `${scheme}://127.0.0.1:${String(host[scheme].port)}/wsman`;

  it.each([
    { scheme: 'http', transport: 'ntlm', encryption: 'always', sealed: true },
    { scheme: 'https', transport: 'ntlm', encryption: 'auto', sealed: false },
    { scheme: 'https', transport: 'ntlm', encryption: 'always', sealed: true },
    { scheme: 'https', transport: 'basic', encryption: 'auto', sealed: false },
  ] as const)(
    'commands and scripts over $scheme with $transport, encryption $encryption',
    async ({ scheme, transport, encryption, sealed }) => {
      const order = {
        endpoint: endpoint(scheme),
        username: ASCII.username,
        password: ASCII.password,
        transport,
        encryption,
        commands: [
          ['cmd', 'ipconfig'],
          ['powershell', 'Get-Date "ü"'],
          ['cmd', 'long'],
          ['powershell', 'exit 5'],
          ['powershell', 'long'],
        ],
      };
      const { results } = (await runPython('pywinrm_client.py', order, { OPENSSL_CONF: openssl })) as {
        results: { stdout: string; stderr: string; exitCode: number }[];
      };
      expect(results.map(({ stdout, stderr, exitCode }) => [text(stdout), text(stderr), exitCode])).toEqual([
        ['ipconfig: grün €\r\n', 'a warning', 7],
        ['ran Get-Date "ü"\r\n', '', 0],
        ['x'.repeat(400 * 1024), '', 0],
        ['', '', 5],
        ['ü'.repeat(200 * 8192), '', 3],
      ]);
      expect(host.operations.some(({ operation }) => operation === 'create')).toBe(true);
      const shellCalls = host.operations.filter(({ operation }) => operation !== 'login');
      expect(new Set(shellCalls.map(({ encrypted }) => encrypted))).toEqual(new Set([sealed]));
      expect(host.server.openShells()).toBe(0);
    },
  );

  it.each([
    { scheme: 'http', transport: 'ntlm', encryption: 'always', password: 'wrong' },
    { scheme: 'https', transport: 'basic', encryption: 'auto', password: 'wrong' },
    // Basic is not offered without TLS.
    { scheme: 'http', transport: 'basic', encryption: 'auto', password: ASCII.password },
  ] as const)(
    'is refused over $scheme with $transport and the password $password',
    async ({ scheme, transport, encryption, password }) => {
      const order = {
        endpoint: endpoint(scheme),
        username: ASCII.username,
        password,
        transport,
        encryption,
        commands: [['cmd', 'x']],
      };
      expect(await runPython('pywinrm_client.py', order, { OPENSSL_CONF: openssl })).toEqual({ refused: true });
      expect(host.requests).toEqual([]);
    },
  );

  it('may not send plain SOAP over plain HTTP', async () => {
    const order = {
      endpoint: endpoint('http'),
      username: ASCII.username,
      password: ASCII.password,
      transport: 'ntlm',
      encryption: 'never',
      commands: [['cmd', 'x']],
    };
    await expect(runPython('pywinrm_client.py', order, { OPENSSL_CONF: openssl })).rejects.toThrow('Code 500');
    expect(host.requests).toEqual([]);
  });
});
