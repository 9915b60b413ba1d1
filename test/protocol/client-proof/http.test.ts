import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proveClient } from '#engine/client-proof/index';
import { selfSigned, type Certificate } from '#engine/practice-site/certificate';
import { missing, orthanc, type Orthanc } from './peers';

const { signal } = new AbortController();
const titles = { called: 'ANY-SCP', calling: 'EVENKEEL' };
const servers: Server[] = [];
let identity: Certificate;

async function portOf(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
const get = (port: number, probe: 'http' | 'https') =>
  proveClient({ address: '127.0.0.1', port, probe, titles }, signal);
const status =
  (code: number, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) =>
    response.writeHead(code, headers).end('x'.repeat(100_000));

beforeAll(async () => {
  identity = await selfSigned('ica.example.org');
});
afterAll(() => Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve)))));

describe('HTTP', () => {
  it('tells the status and the time', async () => {
    const seen = await get(await portOf(createHttp(status(200))), 'http');
    expect(seen).toMatchObject({ outcome: 'ok', word: '200', certificate: null, detail: null });
    expect(seen.ms).toBeGreaterThan(0);
  });

  it('takes a login page and a redirect for a service that answers', async () => {
    expect(await get(await portOf(createHttp(status(401))), 'http')).toMatchObject({ outcome: 'ok', word: '401' });
    const moved = await get(await portOf(createHttp(status(302, { location: 'https://ica/' }))), 'http');
    expect(moved).toMatchObject({ outcome: 'ok', word: '302', detail: 'To https://ica/' });
  });

  it('takes 503 for a service that answers and does not serve', async () => {
    expect(await get(await portOf(createHttp(status(503))), 'http')).toMatchObject({
      outcome: 'rejected',
      word: '503',
    });
  });
});

describe('HTTPS', () => {
  it('shows a certificate that nobody vouches for, and the status', async () => {
    const { key, cert, sha256 } = identity;
    const seen = await get(await portOf(createHttps({ key, cert }, status(200))), 'https');
    expect(seen).toMatchObject({ outcome: 'ok', word: '200' });
    expect(seen.certificate).toEqual({
      sha256,
      subject: 'CN=ica.example.org',
      issuer: 'CN=ica.example.org',
      notAfter: Date.parse(new X509Certificate(cert).validTo),
    });
  });

  it('shows the certificate where the answer after it never comes whole', async () => {
    const { key, cert, sha256 } = identity;
    const server = createTls({ key, cert }, (socket) => {
      socket.on('error', () => undefined).once('data', () => socket.end('not http\r\n\r\n'));
    });
    const seen = await get(await portOf(server), 'https');
    expect(seen).toMatchObject({ outcome: 'not-understood', word: 'no HTTP', certificate: { sha256 } });
  });

  it('tells a peer that wants a certificate of the client', async () => {
    const { key, cert } = identity;
    const server = createHttps({ key, cert, requestCert: true, rejectUnauthorized: true, maxVersion: 'TLSv1.2' });
    expect(await get(await portOf(server), 'https')).toMatchObject({
      outcome: 'rejected',
      word: 'TLS refused',
    });
  });
});

const noOrthanc = missing('/usr/sbin/Orthanc', 'orthanc');
describe.skipIf(noOrthanc !== '')(`HTTP against Orthanc${noOrthanc}`, () => {
  let peer: Orthanc;
  beforeAll(async () => {
    peer = await orthanc();
  });
  afterAll(() => peer.close());

  it('tells its redirect', async () => {
    expect(await get(peer.httpPort, 'http')).toMatchObject({
      ...{ outcome: 'ok', word: '301', detail: 'To app/explorer.html' },
    });
  });
});
