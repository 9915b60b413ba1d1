import { X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';
import { afterEach, describe, expect, it } from 'vitest';
import { runPowerShell, type WinrmTarget } from '#engine/windows/winrm/index';
import type { ExecuteOutput } from '#engine/practice-site/winrm-server/index';
import { practiceHost, type PracticeHost } from './practice-host';

interface Pem {
  readonly key: string;
  readonly cert: string;
}

async function authority(name: string): Promise<Pem> {
  const made = await generate([{ name: 'commonName', value: name }], {
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { key: made.private, cert: made.cert };
}

async function issued(ca: Pem, altNames: { type: 2 | 7; value?: string; ip?: string }[]): Promise<Pem> {
  const made = await generate([{ name: 'commonName', value: 'rs1' }], {
    algorithm: 'sha256',
    ca,
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames },
    ],
  });
  return { key: made.private, cert: made.cert };
}

async function* hello(): AsyncGenerator<ExecuteOutput> {
  yield { stream: 'stdout', data: 'hello' };
  yield await Promise.resolve({ exitCode: 0 });
}

const hosts: PracticeHost[] = [];
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.server.close()));
});

async function hostWith(identity: Pem, tls: WinrmTarget['tls']): Promise<WinrmTarget> {
  const host = await practiceHost(hello, () => '', { https: { port: 0, ...identity } });
  hosts.push(host);
  return { ...host.https, tls };
}

const options = { signal: new AbortController().signal, deadlineMs: 20_000 };
const local = [{ type: 7 as const, ip: '127.0.0.1' }];

describe('a given CA instead of a confirmed fingerprint', () => {
  it('vouches for a certificate that it issued for this address', async () => {
    const ca = await authority('Clinic CA');
    const target = await hostWith(await issued(ca, local), { ca: ca.cert });
    expect(await runPowerShell(target, 'x', options)).toMatchObject({ stdout: 'hello', exitCode: 0 });
  });

  it('does not vouch for the certificate of another CA, of another name, or for one that nobody issued', async () => {
    const [ca, other] = [await authority('Clinic CA'), await authority('Clinic CA')];
    const cases = [
      await issued(other, local),
      await issued(ca, [{ type: 2, value: 'rs2.clinic.test' }]),
      await issued(ca, [{ type: 7, ip: '127.0.0.2' }]),
      other,
    ];
    for (const identity of cases) {
      const target = await hostWith(identity, { ca: ca.cert });
      const sha256 = new X509Certificate(identity.cert).fingerprint256.replaceAll(':', '').toLowerCase();
      await expect(runPowerShell(target, 'x', options)).rejects.toMatchObject({
        kind: 'certificate-unknown',
        certificate: { sha256 },
      });
    }
    expect(hosts.flatMap((host) => host.operations)).toEqual([]);
  });

  it('does not stand in for a fingerprint that was confirmed: the fingerprint decides', async () => {
    const ca = await authority('Clinic CA');
    const target = await hostWith(await issued(ca, local), { ca: ca.cert, pinnedSha256: 'ab'.repeat(32) });
    await expect(runPowerShell(target, 'x', options)).rejects.toMatchObject({ kind: 'certificate-changed' });
  });
});
