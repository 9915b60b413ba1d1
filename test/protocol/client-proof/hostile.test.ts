import type { Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { proveClient } from '#engine/client-proof/index';
import { associateAccept, commandData } from '#engine/client-proof/dicom/pdu';
import { echoResponseCommand } from '#engine/client-proof/dicom/command';
import { uids } from '#engine/client-proof/dicom/values';
import type { ClientProbe } from '#shared/domain/direct-routing/index';
import { freePort, peerThat, type Peer } from './peers';

/** Peers that are not what they should be: every check ends by itself, says what it saw, and the process lives on. */

const limits = { connectMs: 500, answerMs: 500 };
const titles = { called: 'ANY-SCP', calling: 'EVENKEEL' };
const peers: Peer[] = [];
afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer.close()));
});

const asked = (port: number, probe: ClientProbe = 'dicom', signal: AbortSignal = new AbortController().signal) =>
  proveClient({ address: '127.0.0.1', port, probe, titles }, signal, { limits });

async function saidBy(act: (socket: Socket) => void, probe: ClientProbe = 'dicom') {
  const peer = await peerThat(act);
  peers.push(peer);
  const { outcome, word, detail, ms } = await asked(peer.port, probe);
  expect(ms === null || outcome === 'ok' || outcome === 'rejected').toBe(true);
  return { outcome, word, detail };
}

const bytes = (...values: readonly number[]): Buffer => Buffer.from(values);
const accepted = (result = 0): Buffer =>
  associateAccept('ANY-SCP', 'EVENKEEL', [{ id: 1, result, transferSyntax: uids.implicitLittleEndian }]);
/** Answers the first thing it hears, then the second, and so on. */
const answers =
  (...replies: readonly Buffer[]) =>
  (socket: Socket): void => {
    const left = [...replies];
    socket.on('data', () => {
      const reply = left.shift();
      if (reply !== undefined) socket.write(reply);
    });
  };

it.each([
  [
    'never answers',
    () => undefined,
    'timeout',
    'no answer',
    'Connected; no answer to the association request within 0.5 s.',
  ],
  [
    'sends half a PDU',
    answers(bytes(2, 0, 0, 0, 0, 200, 0, 1)),
    'timeout',
    'no answer',
    'Connected; no answer to the association request within 0.5 s. 8 bytes of an answer came.',
  ],
  [
    'speaks HTTP',
    answers(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')),
    'not-understood',
    'no DICOM',
    'The first PDU has type 72. It speaks HTTP.',
  ],
  [
    'announces four gigabytes',
    answers(bytes(2, 0, 255, 255, 255, 255)),
    'not-understood',
    'no DICOM',
    'A PDU of 4294967295 bytes is announced.',
  ],
  [
    'accepts with nothing in it',
    answers(bytes(2, 0, 0, 0, 0, 0)),
    'not-understood',
    'no DICOM',
    'The PDU is shorter than its own lengths say.',
  ],
  [
    'accepts with an item longer than the PDU',
    answers(Buffer.concat([bytes(2, 0, 0, 0, 0, 72), Buffer.alloc(68), bytes(0x21, 0, 255, 255)])),
    'not-understood',
    'no DICOM',
    'The PDU is shorter than its own lengths say.',
  ],
  [
    'accepts the association, not verification',
    answers(accepted(3)),
    'rejected',
    'verification is not supported',
    'The association stands, but not for verification.',
  ],
  [
    'rejects the calling title',
    answers(bytes(3, 0, 0, 0, 0, 4, 0, 1, 1, 3)),
    'rejected',
    'calling AE title not recognised',
    'The association was rejected for good, by the application.',
  ],
  [
    'rejects for now',
    answers(bytes(3, 0, 0, 0, 0, 4, 0, 2, 3, 2)),
    'rejected',
    'local limit exceeded',
    'The association was rejected for now, by its DICOM layer.',
  ],
  [
    'rejects for a reason that is in no table',
    answers(bytes(3, 0, 0, 0, 0, 4, 0, 1, 9, 99)),
    'rejected',
    'rejected, reason 9/99',
    'The association was rejected for good, by its DICOM layer.',
  ],
  [
    'aborts',
    answers(bytes(7, 0, 0, 0, 0, 4, 0, 0, 2, 1)),
    'rejected',
    'aborted',
    'The DICOM layer aborted the association: unrecognised PDU.',
  ],
  [
    'associates and never answers the echo',
    answers(accepted()),
    'timeout',
    'no answer',
    'Connected; no answer to the C-ECHO request within 0.5 s.',
  ],
  [
    'answers an echo that was not asked',
    answers(accepted(), commandData(1, echoResponseCommand(77, 0))),
    'not-understood',
    'no DICOM',
    'The answer is not that of our C-ECHO.',
  ],
  [
    'answers the echo with garbage',
    answers(accepted(), commandData(1, Buffer.alloc(64, 255))),
    'not-understood',
    'no DICOM',
    'The command holds an element of another group.',
  ],
  [
    'answers with an empty command',
    answers(accepted(), commandData(1, Buffer.alloc(0))),
    'not-understood',
    'no DICOM',
    'The command does not say what it is.',
  ],
  [
    'sends empty pieces without end',
    (socket: Socket) => {
      const empty = bytes(4, 0, 0, 0, 0, 6, 0, 0, 0, 2, 1, 1);
      answers(accepted(), Buffer.concat(Array.from({ length: 5_000 }, () => empty)))(socket);
    },
    'not-understood',
    'no DICOM',
    'The answer to C-ECHO has no end.',
  ],
  [
    'closes at once',
    (socket: Socket) => socket.end(),
    'reset',
    'closed',
    'The connection closed before the answer to the association request.',
  ],
  [
    'resets within its answer',
    (socket: Socket) => socket.on('data', () => socket.resetAndDestroy()),
    'reset',
    'closed',
    'The connection broke before the answer to the association request.',
  ],
  [
    'says the echo failed',
    answers(accepted(), commandData(1, echoResponseCommand(1, 0x0122))),
    'rejected',
    'C-ECHO status 0x0122',
    expect.stringMatching(/^Connected in .* Peer: EVENKEEL_ECHO_1\.$/) as string,
  ],
] as const)('a DICOM peer that %s', async (_title, act, outcome, word, detail) => {
  expect(await saidBy(act)).toEqual({ outcome, word, detail });
});

it('a peer that floods 64 MB is cut off at its first header', async () => {
  let sent = 0;
  const seen = await saidBy((socket) => {
    const chunk = Buffer.alloc(1 << 20, 2);
    const more = (): void => {
      while (!socket.destroyed && sent < 64) {
        sent += 1;
        if (!socket.write(chunk)) return;
      }
    };
    socket.on('drain', more);
    more();
  });
  expect(seen).toMatchObject({ outcome: 'not-understood', detail: 'A PDU of 33686018 bytes is announced.' });
  expect(sent).toBeLessThan(64);
});

it.each([
  ['never answers', () => undefined, 'http', 'timeout', 'no answer'],
  ['answers garbage', answers(Buffer.from('\x02\x00hello there\r\n\r\n')), 'http', 'not-understood', 'no HTTP'],
  [
    'sends headers without end',
    answers(Buffer.from(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(40_000)}`)),
    'http',
    'not-understood',
    'no HTTP',
  ],
  ['closes at once', (socket: Socket) => socket.end(), 'http', 'reset', 'closed'],
  ['resets', (socket: Socket) => socket.on('data', () => socket.resetAndDestroy()), 'http', 'reset', 'closed'],
  ['never shakes hands', () => undefined, 'https', 'timeout', 'no answer'],
  ['speaks plain HTTP', answers(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')), 'https', 'not-understood', 'no TLS'],
  ['closes at once', (socket: Socket) => socket.end(), 'https', 'reset', 'closed'],
] as const)('a web peer that %s (%#)', async (_title, act, probe, outcome, word) => {
  expect(await saidBy(act, probe)).toMatchObject({ outcome, word });
});

it.each(['tcp', 'http', 'https', 'dicom'] as const)('a closed port is refused: %s', async (probe) => {
  expect(await asked(await freePort(), probe)).toEqual({
    ...{ outcome: 'refused', word: 'refused', ms: null, certificate: null, detail: null },
  });
});

it('an address from which nothing comes back times out by the time given', async () => {
  const target = { address: '127.0.0.1', port: 1, probe: 'tcp' as const, titles };
  const seen = await proveClient(target, new AbortController().signal, { limits, dial: () => null });
  expect(seen).toMatchObject({ outcome: 'timeout', word: 'timed out' });
  expect(seen.detail).toBe('No answer to the connection within 0.5 s.');
});

it.each(['http', 'https', 'dicom'] as const)('%s ends on the signal, and leaves no connection', async (probe) => {
  const abort = new AbortController();
  let closed: Promise<void> = Promise.resolve();
  const peer = await peerThat((socket) => {
    closed = new Promise((resolve) => socket.on('close', () => resolve()));
    // Its question is heard: the connection stands, and the answer is waited for.
    socket.once('data', () => abort.abort(new Error('enough')));
  });
  peers.push(peer);
  await expect(asked(peer.port, probe, abort.signal)).rejects.toThrow('enough');
  await closed;
});
