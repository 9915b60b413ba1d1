import { execFile } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proveClient, serveEcho } from '#engine/client-proof/index';
import { missing, orthanc, peerThat, storescp, type Orthanc, type Peer } from './peers';

const noDcmtk = missing('/usr/bin/storescp', 'dcmtk');
const noOrthanc = missing('/usr/sbin/Orthanc', 'orthanc');
const { signal } = new AbortController();
const echo = (port: number, called = 'ANY-SCP') =>
  proveClient({ address: '127.0.0.1', port, probe: 'dicom', titles: { called, calling: 'EVENKEEL' } }, signal);

describe.skipIf(noDcmtk !== '')(`C-ECHO against dcmtk${noDcmtk}`, () => {
  const peers: Peer[] = [];
  const open = async (...options: string[]): Promise<number> => {
    const peer = await storescp(...options);
    peers.push(peer);
    return peer.port;
  };
  afterAll(() => Promise.all(peers.map((peer) => peer.close())));

  it('is answered by storescp, with the times and the name of the implementation', async () => {
    const seen = await echo(await open());
    expect(seen).toMatchObject({ outcome: 'ok', word: 'C-ECHO ok', certificate: null });
    expect(seen.ms).toBeGreaterThan(0);
    expect(seen.detail).toMatch(/^Connected in [\d.]+ ms, associated in [\d.]+ ms, C-ECHO in [\d.]+ ms\. Peer: OFFIS_/);
  });

  it('goes over implicit and over explicit little endian', async () => {
    expect((await echo(await open('+xi'))).word).toBe('C-ECHO ok');
    expect((await echo(await open('+xe'))).word).toBe('C-ECHO ok');
  });

  it('tells an association that storescp refuses', async () => {
    const seen = await echo(await open('--refuse'));
    expect(seen).toMatchObject({ outcome: 'rejected', ms: null });
    expect(seen.word).toBe('no reason given');
    expect(seen.detail).toBe('The association was rejected for good, by the application.');
  });
});

describe.skipIf(noOrthanc !== '')(`C-ECHO against Orthanc${noOrthanc}`, () => {
  let peer: Orthanc;
  beforeAll(async () => {
    peer = await orthanc();
  });
  afterAll(() => peer.close());

  it('is answered where the called title is its own', async () => {
    expect(await echo(peer.port, 'HOSPITAL')).toMatchObject({ outcome: 'ok', word: 'C-ECHO ok' });
  });

  it('is rejected by name where it is another', async () => {
    expect(await echo(peer.port, 'ELSEWHERE')).toMatchObject({
      outcome: 'rejected',
      word: 'called AE title not recognised',
      detail: 'The association was rejected for good, by the application.',
    });
  });

  it('is not understood by its web server, which is told', async () => {
    expect(await echo(peer.httpPort)).toMatchObject({
      ...{ outcome: 'not-understood', word: 'no DICOM', detail: 'The first PDU has type 72. It speaks HTTP.' },
    });
  });
});

describe.skipIf(noDcmtk !== '')(`The practice provider against dcmtk's echoscu${noDcmtk}`, () => {
  let peer: Peer;
  beforeAll(async () => {
    peer = await peerThat((socket) => void serveEcho(socket, (called) => called === 'PRACTICE'));
  });
  afterAll(() => peer.close());

  const echoscu = (...args: string[]): Promise<string> =>
    new Promise((resolve) => {
      const all = ['-v', ...args, '127.0.0.1', String(peer.port)];
      execFile('/usr/bin/echoscu', all, { timeout: 10_000 }, (_error, out, err) => resolve(out + err));
    });

  it('answers three echoes on one association, and its release', async () => {
    const said = await echoscu('-aec', 'PRACTICE', '--repeat', '3');
    expect(said.match(/Received Echo Response \(Success\)/g)).toHaveLength(3);
    expect(said).toContain('Releasing Association');
  });

  it('rejects a title that is not its own', async () => {
    expect(await echoscu('-aec', 'OTHER')).toContain('Called AE Title Not Recognized');
  });

  it('understands many presentation contexts with several syntaxes', async () => {
    expect(await echoscu('-aec', 'PRACTICE', '-ppc', '100', '-pts', '30')).toContain('Success');
  });
});
