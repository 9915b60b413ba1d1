import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WinrmError, wire } from '#engine/windows/winrm/index';

const { ntlm } = wire;
const KEY = Buffer.alloc(16, 0x42);
const RUNS = 500;

/** Anything but success or a typed error is a defect. */
function typed<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    expect(error).toBeInstanceOf(WinrmError);
    expect(error).toMatchObject({ kind: 'protocol' });
    return undefined;
  }
}

/** One way to damage bytes: cut, change, insert, remove, repeat. */
const damage = fc.oneof(
  fc.record({ how: fc.constant('cut' as const), at: fc.double({ min: 0, max: 0.999, noNaN: true }) }),
  fc.record({
    how: fc.constant('flip' as const),
    at: fc.double({ min: 0, max: 0.999, noNaN: true }),
    bit: fc.integer({ min: 0, max: 7 }),
  }),
  fc.record({
    how: fc.constant('insert' as const),
    at: fc.double({ min: 0, max: 0.999, noNaN: true }),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
  }),
  fc.record({
    how: fc.constant('remove' as const),
    at: fc.double({ min: 0, max: 0.999, noNaN: true }),
    count: fc.integer({ min: 1, max: 40 }),
  }),
  fc.record({ how: fc.constant('length' as const), value: fc.nat() }),
);

type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

function apply(data: Buffer, change: Damage): Buffer {
  const copy = Buffer.from(data);
  if (change.how === 'length') {
    return Buffer.from(
      copy.toString('latin1').replace(/Length([=:] ?)\d+/, `Length$1${String(change.value)}`),
      'latin1',
    );
  }
  const at = Math.floor(change.at * copy.length);
  if (change.how === 'cut') return copy.subarray(0, at);
  if (change.how === 'remove') return Buffer.concat([copy.subarray(0, at), copy.subarray(at + change.count)]);
  if (change.how === 'insert') return Buffer.concat([copy.subarray(0, at), change.bytes, copy.subarray(at)]);
  copy[at] = (copy[at] ?? 0) ^ (1 << change.bit);
  return copy;
}

describe('encrypted messages', () => {
  const seal = (plain: Buffer): Buffer => wire.encryptMessage(new ntlm.NtlmSession(KEY, 'server'), plain);
  const open = (frame: Buffer): Buffer => wire.decryptMessage(new ntlm.NtlmSession(KEY, 'client'), frame);

  it('any bytes arrive as they were, the boundary in them too', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        const plain = Buffer.concat([bytes, Buffer.from('--Encrypted Boundary--\r\n'), bytes]);
        expect(open(seal(plain))).toEqual(plain);
      }),
      { numRuns: 200 },
    );
  });

  it('a sealed message that holds the boundary is cut by position', () => {
    // The stream that turns zeros into the boundary: what is sealed is chosen so that its sealed form is the boundary.
    const boundary = Buffer.from('--Encrypted Boundary\r\n--Encrypted Boundary--\r\n');
    const plain = new ntlm.NtlmSession(KEY, 'server').seal(boundary).sealed;
    const frame = seal(plain);
    expect(wire.readFrame(frame).sealed).toEqual(boundary);
    expect(open(frame)).toEqual(plain);
  });

  it('tolerates the blank that some hosts write in the boundary', () => {
    const frame = seal(Buffer.from('hello'))
      .toString('latin1')
      .replaceAll('--Encrypted Boundary', '-- Encrypted Boundary');
    expect(open(Buffer.from(frame, 'latin1')).toString()).toBe('hello');
  });

  it(`${String(RUNS)} damaged frames: a typed error, or the very same message`, () => {
    const plain = Buffer.from('<s:Envelope>what the host meant to say</s:Envelope>'.repeat(5));
    const frame = seal(plain);
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (changes) => {
        const opened = typed(() => open(changes.reduce(apply, frame)));
        if (opened) expect(opened).toEqual(plain);
      }),
      { numRuns: RUNS },
    );
  });

  it('a frame that ends early is refused, wherever it ends', () => {
    const frame = seal(Buffer.from('hello'));
    // The line end after the last boundary may be missing.
    for (let length = 0; length < frame.length - 2; length++) {
      expect(
        typed(() => open(Buffer.from(frame.subarray(0, length)))),
        String(length),
      ).toBeUndefined();
    }
  });

  it('a message that is repeated, or comes out of turn, is refused', () => {
    const [host, client] = [new ntlm.NtlmSession(KEY, 'server'), new ntlm.NtlmSession(KEY, 'client')];
    const first = wire.encryptMessage(host, Buffer.from('first'));
    const second = wire.encryptMessage(host, Buffer.from('second'));
    expect(wire.decryptMessage(client, first).toString()).toBe('first');
    expect(() => wire.decryptMessage(client, first)).toThrow('signature');
    const other = new ntlm.NtlmSession(KEY, 'client');
    expect(() => wire.decryptMessage(other, second)).toThrow('signature');
  });
});

describe('HTTP replies', () => {
  const read = (data: Buffer, pieces: number): ReturnType<wire.HttpReplyReader['push']> => {
    const reader = new wire.HttpReplyReader();
    const size = Math.max(1, Math.ceil(data.length / pieces));
    let reply: ReturnType<wire.HttpReplyReader['push']>;
    for (let at = 0; at < data.length; at += size) reply = reader.push(data.subarray(at, at + size));
    return reply ?? reader.end();
  };
  const body = 'x'.repeat(500);
  const replies = {
    length: `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 500\r\n\r\n${body}`,
    chunked: `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nc8;ext=1\r\n${body.slice(0, 200)}\r\n12C\r\n${body.slice(200)}\r\n0\r\nTrailer: 1\r\n\r\n`,
    close: `HTTP/1.0 200 OK\r\n\r\n${body}`,
    interim: `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n${body}`,
  };

  it.each(Object.entries(replies))('%s: the body is whole however the bytes arrive', (_kind, text) => {
    for (const pieces of [1, 2, 3, 7, 100, text.length]) {
      expect(read(Buffer.from(text), pieces)).toMatchObject({ status: 200, body: Buffer.from(body) });
    }
  });

  it('says when the host closes the connection', () => {
    expect(read(Buffer.from(replies.length), 1)?.closes).toBe(false);
    expect(read(Buffer.from(replies.close), 1)?.closes).toBe(true);
    expect(read(Buffer.from('HTTP/1.1 401 No\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n'), 1)?.closes).toBe(
      true,
    );
  });

  it.each([
    ['endless headers', `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(20_000)}`],
    ['a body beyond the limit', 'HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n'],
    ['a length that is none', 'HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n'],
    ['an unknown transfer encoding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n'],
    ['a chunk beyond the limit', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n'],
    ['more than one reply', `${replies.length}HTTP/1.1 200 OK\r\n`],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n\r\n\r\n'],
  ])('refused: %s', (_what, text) => {
    expect(() => read(Buffer.from(text), 1)).toThrow(expect.objectContaining({ kind: 'protocol' }));
  });

  it(`${String(RUNS)} damaged replies: a reply, a wait for more, or a typed error`, () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(replies)),
        fc.array(damage, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 20 }),
        (text, changes, pieces) => {
          typed(() => read(changes.reduce(apply, Buffer.from(text)), pieces));
        },
      ),
      { numRuns: RUNS },
    );
  });
});

describe('NTLM messages', () => {
  const name = fc.string({ unit: 'grapheme', maxLength: 20 });

  it('what is written is read back', () => {
    fc.assert(
      fc.property(name, name, name, fc.uint8Array({ maxLength: 100 }), (domain, username, workstation, nt) => {
        const message = {
          flags: ntlm.CLIENT_FLAGS,
          lmResponse: Buffer.alloc(24, 1),
          ntResponse: Buffer.from(nt),
          domain: domain,
          username: username,
          workstation: workstation,
          encryptedSessionKey: Buffer.alloc(16, 2),
          mic: Buffer.alloc(16, 3),
        };
        expect(ntlm.readAuthenticate(ntlm.writeAuthenticate(message))).toEqual(message);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps every pair of the host in order, and binds channel and MIC', () => {
    const pairs = [
      { id: ntlm.AvId.dnsComputerName, value: Buffer.from('rs1', 'utf16le') },
      { id: 0x99, value: Buffer.from('unknown') },
      { id: ntlm.AvId.timestamp, value: Buffer.alloc(8, 9) },
    ];
    const challenge = ntlm.writeChallenge({
      flags: ntlm.CLIENT_FLAGS,
      serverChallenge: Buffer.alloc(8, 5),
      targetName: 'RS1',
      targetInfo: pairs,
    });
    const client = new ntlm.NtlmClient({ username: 'a', password: 'b', domain: '' }, Buffer.alloc(16, 8));
    const read = ntlm.readAuthenticate(client.authenticate(challenge).message);
    expect(ntlm.readAvPairs(read.ntResponse.subarray(16 + 28))).toEqual([
      ...pairs,
      { id: ntlm.AvId.flags, value: Buffer.from([2, 0, 0, 0]) },
      { id: ntlm.AvId.channelBindings, value: Buffer.alloc(16, 8) },
    ]);
    expect(read.ntResponse.subarray(16 + 8, 16 + 16)).toEqual(Buffer.alloc(8, 9));
    expect(read.lmResponse).toEqual(Buffer.alloc(24));
    expect(read.mic).not.toEqual(Buffer.alloc(16));
  });

  it.each([
    ['a value longer than what is left', '0100 ff00 41'],
    ['no end', '0100 0200 4100'],
    ['only half a head', '0100'],
    ['pairs without end', `${'0100 0000'.repeat(100)} 0000 0000`],
  ])('target information with %s is refused', (_what, hex) => {
    const data = Buffer.from(hex.replaceAll(' ', ''), 'hex');
    expect(() => ntlm.readAvPairs(data)).toThrow(expect.objectContaining({ kind: 'protocol' }));
  });

  it.each([
    ['sealing', ntlm.NtlmFlag.seal],
    ['128 bit keys', ntlm.NtlmFlag.key128],
    ['extended session security', ntlm.NtlmFlag.extendedSessionSecurity],
    ['a key exchange', ntlm.NtlmFlag.keyExchange],
  ])('a host without %s is refused', (_what, flag) => {
    const flags = (ntlm.CLIENT_FLAGS & ~flag) >>> 0;
    const challenge = ntlm.writeChallenge({ flags, serverChallenge: Buffer.alloc(8), targetName: '', targetInfo: [] });
    const client = new ntlm.NtlmClient({ username: 'a', password: 'b', domain: '' });
    expect(() => client.authenticate(challenge)).toThrow(expect.objectContaining({ kind: 'protocol' }));
  });

  it('a challenge that ends early is refused, wherever it ends', () => {
    const targetInfo = [{ id: 1, value: Buffer.from('RS1', 'utf16le') }];
    const challenge = ntlm.writeChallenge({
      ...{ flags: ntlm.CLIENT_FLAGS, serverChallenge: Buffer.alloc(8), targetName: 'RS1', targetInfo },
    });
    for (let length = 0; length < challenge.length; length++) {
      const client = new ntlm.NtlmClient({ username: 'a', password: 'b', domain: '' });
      expect(
        typed(() => client.authenticate(challenge.subarray(0, length))),
        String(length),
      ).toBeUndefined();
    }
    const pairs = ntlm.writeAvPairs(targetInfo);
    for (let length = 0; length < pairs.length; length++) {
      expect(
        typed(() => ntlm.readAvPairs(pairs.subarray(0, length))),
        String(length),
      ).toBeUndefined();
    }
  });

  it(`${String(RUNS)} damaged challenges: an answer or a typed error`, () => {
    const targetInfo = [
      { id: 1, value: Buffer.from('RS1', 'utf16le') },
      { id: 7, value: Buffer.alloc(8, 1) },
    ];
    const challenge = ntlm.writeChallenge({
      flags: ntlm.CLIENT_FLAGS,
      serverChallenge: Buffer.alloc(8),
      targetName: 'RS1',
      targetInfo,
    });
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (changes) => {
        typed(() =>
          new ntlm.NtlmClient({ username: 'a', password: 'b', domain: '' }).authenticate(
            changes.reduce(apply, challenge),
          ),
        );
      }),
      { numRuns: RUNS },
    );
  });
});

describe('SOAP replies', () => {
  it(`${String(RUNS)} damaged replies: the body or a typed error`, () => {
    const text =
      '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header><a:Action>doResponse</a:Action>' +
      '<a:RelatesTo>uuid:A</a:RelatesTo></s:Header><s:Body><r:ReceiveResponse><r:Stream Name="stdout">aGVsbG8=</r:Stream>' +
      '</r:ReceiveResponse></s:Body></s:Envelope>';
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (changes) => {
        typed(() => wire.readReply(changes.reduce(apply, Buffer.from(text)).toString('utf8'), 'uuid:A', 'do', 200));
      }),
      { numRuns: RUNS },
    );
  });
});

describe('certificates', () => {
  it(`${String(RUNS)} random encodings: a hash, none, or a typed error`, () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        typed(() => wire.channelBindingHash(Buffer.from([0x30, bytes.length, ...bytes])));
      }),
      { numRuns: RUNS },
    );
  });
});
