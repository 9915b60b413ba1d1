import { createHash, X509Certificate } from 'node:crypto';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { wire } from '#engine/windows/winrm/index';
import { selfSigned } from './practice-host';
import { PythonPeer, missingModules, temporaryFolder } from './python-peer';

const { ntlm } = wire;
const missing = missingModules(['gssapi'], 'gss-ntlmssp, python3-gssapi');
const folder = temporaryFolder();
const users = folder.file('users', 'CLINIC:svc-even:Grün&<Tag> 42\n');
afterAll(folder.remove);

const GOOD = { username: 'svc-even', password: 'Grün&<Tag> 42', domain: 'CLINIC' };
const base64 = (data: Buffer): string => data.toString('base64');
const bytes = (value: unknown): Buffer => Buffer.from(typeof value === 'string' ? value : '', 'base64');

const peers: PythonPeer[] = [];
afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer.close()));
});

interface Login {
  readonly answer: Readonly<Record<string, unknown>>;
  readonly session: wire.ntlm.NtlmSession;
  readonly peer: PythonPeer;
}

/** One login at the acceptor; `change` may spoil the last message on its way. */
async function login(
  credentials: wire.ntlm.NtlmCredentials,
  more: { readonly bound?: Buffer; readonly expected?: string; readonly change?: (message: Buffer) => Buffer } = {},
): Promise<Login> {
  const peer = new PythonPeer('gss_acceptor.py', { NTLM_USER_FILE: users });
  peers.push(peer);
  await peer.ask({ binding: more.expected ?? '' });
  const client = new ntlm.NtlmClient(credentials, more.bound);
  const challenge = await peer.ask({ token: base64(client.negotiate()) });
  const { message, session } = client.authenticate(bytes(challenge['token']));
  const answer = await peer.ask({ token: base64((more.change ?? ((same) => same))(message)) });
  return { answer, session, peer };
}

describe.skipIf(missing)(`our NTLM at the acceptor of gss-ntlmssp ${missing ?? ''}`, () => {
  it('logs in with the right password', async () => {
    const { answer } = await login(GOOD);
    expect(answer).toMatchObject({ complete: true });
    expect(answer['user']).toMatch(/svc-even/i);
  });

  it.each([
    ['password', { ...GOOD, password: 'Gruen&<Tag> 42' }],
    ['user', { ...GOOD, username: 'somebody' }],
    ['domain', { ...GOOD, domain: 'ELSEWHERE' }],
  ])('is refused with the wrong %s', async (_what, credentials) => {
    expect((await login(credentials)).answer).toHaveProperty('error');
  });

  it('is refused when the MIC is spoiled', async () => {
    const spoil = (message: Buffer): Buffer => {
      const spoiled = Buffer.from(message);
      spoiled[ntlm.MIC_OFFSET] = (spoiled[ntlm.MIC_OFFSET] ?? 0) ^ 1;
      return spoiled;
    };
    expect((await login(GOOD, { change: spoil })).answer).toHaveProperty('error');
  });

  it('seals messages that it opens, several in a row, and opens what it seals', async () => {
    const { session, peer } = await login(GOOD);
    for (const text of ['first', 'a longer second message €', 'x'.repeat(100_000)]) {
      const { signature, sealed } = session.seal(Buffer.from(text));
      const opened = await peer.ask({ unwrap: base64(Buffer.concat([signature, sealed])) });
      expect(opened).toEqual({ data: base64(Buffer.from(text)), encrypted: true });
      const reply = bytes((await peer.ask({ wrap: base64(Buffer.from(`re: ${text}`)) }))['data']);
      expect(session.unseal(reply.subarray(0, 16), reply.subarray(16)).toString()).toBe(`re: ${text}`);
    }
  });

  it('a changed body or signature is refused on both sides', async () => {
    const { session, peer } = await login(GOOD);
    const reply = bytes((await peer.ask({ wrap: base64(Buffer.from('from the host')) }))['data']);
    reply[20] = (reply[20] ?? 0) ^ 1;
    expect(() => session.unseal(reply.subarray(0, 16), reply.subarray(16))).toThrow('signature');
    const { signature, sealed } = session.seal(Buffer.from('to the host'));
    sealed[3] = (sealed[3] ?? 0) ^ 1;
    expect(await peer.ask({ unwrap: base64(Buffer.concat([signature, sealed])) })).toHaveProperty('error');
  });

  it.each(['sha1', 'sha256', 'sha384'] as const)(
    'binds the channel of a certificate signed with %s',
    async (algorithm) => {
      const der = new X509Certificate((await selfSigned(algorithm)).cert).raw;
      const hash = createHash(algorithm === 'sha1' ? 'sha256' : algorithm)
        .update(der)
        .digest();
      const expected = Buffer.concat([Buffer.from('tls-server-end-point:'), hash]).toString('hex');
      const bound = wire.channelBindingHash(der);
      if (!bound) throw new Error('The certificate gives no channel binding.');
      expect((await login(GOOD, { bound, expected })).answer).toMatchObject({ complete: true });
      expect((await login(GOOD, { bound: Buffer.alloc(16, 7), expected })).answer).toHaveProperty('error');
    },
  );
});
