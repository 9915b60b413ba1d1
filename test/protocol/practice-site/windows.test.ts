import { createHash } from 'node:crypto';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PracticeEndpoints } from '#shared/contract/practice';
import { has, run } from './clients';
import { openSite, type OpenSite } from './site';
import { LEGACY_OPENSSL, missingModules, runPython, temporaryFolder } from '../winrm/python-peer';

const missing = missingModules(['winrm', 'requests_ntlm'], 'python3-winrm, python3-requests-ntlm');
const files = temporaryFolder();
const openssl = files.file('openssl.cnf', LEGACY_OPENSSL);

describe('the Windows servers of the practice site', () => {
  let open: OpenSite;
  beforeAll(async () => {
    open = await openSite('two-sites');
  });
  afterAll(async () => {
    await open.close();
    files.remove();
  });

  const server = (name: string): PracticeEndpoints['windows'][number] => {
    const found = open.site.endpoints().windows.find((item) => item.name === name);
    if (!found) throw new Error(`no ${name}`);
    return found;
  };
  const hostname = (name: string, scheme: 'http' | 'https'): Promise<unknown> => {
    const { username, password } = server(name);
    const endpoint = server(name)[scheme].url;
    const order = {
      endpoint,
      username,
      password,
      transport: 'ntlm',
      encryption: 'always',
      commands: [['cmd', 'hostname']],
    };
    return runPython('pywinrm_client.py', order, { OPENSSL_CONF: openssl });
  };

  it.skipIf(missing).each(['http', 'https'] as const)(
    `run a command for pywinrm over %s with NTLM and encryption ${missing ?? ''}`,
    async (scheme) => {
      const { results } = (await hostname('ICA-APP02', scheme)) as { results: { stdout: string; exitCode: number }[] };
      expect(
        Buffer.from(results[0]?.stdout ?? '', 'base64')
          .toString('utf8')
          .trim(),
      ).toBe('ICA-APP02');
      expect(results[0]?.exitCode).toBe(0);
    },
  );

  it.skipIf(missing)(`refuse the right password when asked to ${missing ?? ''}`, async () => {
    await open.site.fault('ICA-APP03', { kind: 'wrong-credentials' });
    expect(await hostname('ICA-APP03', 'http')).toEqual({ refused: true });
    await open.site.fault('ICA-APP03', { kind: 'clear' });
    expect(await hostname('ICA-APP03', 'http')).toHaveProperty('results');
  });

  it('show the certificate that the endpoints give, and another one when asked to', async () => {
    const before = server('VNA-APP01').https.certificateSha256;
    expect(await certificateOf(server('VNA-APP01').https.url)).toBe(before);
    await open.site.fault('VNA-APP01', { kind: 'changed-host-key' });
    const after = server('VNA-APP01').https.certificateSha256;
    expect(after).not.toBe(before);
    expect(await certificateOf(server('VNA-APP01').https.url)).toBe(after);
  });

  it.skipIf(!has('curl'))('do not answer on MWL-SRV02 until its fault is cleared (skipped without curl)', async () => {
    const ask = async (): Promise<number> => (await run('curl', ['-s', server('MWL-SRV02').http.url])).status;
    const refused = 7;
    expect(await ask()).toBe(refused);
    await open.site.fault('MWL-SRV02', { kind: 'clear' });
    expect(await ask()).toBe(0);
  });
});

function certificateOf(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname: host, port } = new URL(url);
    const socket = connect({ host, port: Number(port), rejectUnauthorized: false }, () => {
      resolve(createHash('sha256').update(socket.getPeerCertificate().raw).digest('hex'));
      socket.destroy();
    });
    socket.on('error', reject);
  });
}
