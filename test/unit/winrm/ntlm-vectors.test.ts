import { describe, expect, it } from 'vitest';
import { wire } from '#engine/windows/winrm/index';

const { ntlm } = wire;
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('MD4 (RFC 1320, A.5)', () => {
  it.each([
    ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
    ['a', 'bde52cb31de33e46245e05fbdbd6fb24'],
    ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
    ['message digest', 'd9130a8164549fe818874806e1c7014b'],
    ['abcdefghijklmnopqrstuvwxyz', 'd79e1c308aa5bbcdeea8ed63df412da9'],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', '043f8582f241db351ce627e153e7f0e4'],
    [
      '12345678901234567890123456789012345678901234567890123456789012345678901234567890',
      'e33b4ddc9c38f2199c3e7b164fcc0536',
    ],
  ])('digest of %j', (text, digest) => {
    expect(ntlm.md4(Buffer.from(text)).toString('hex')).toBe(digest);
  });
});

describe('RC4', () => {
  it.each([
    ['Key', 'Plaintext', 'bbf316e8d940af0ad3'],
    ['Wiki', 'pedia', '1021bf0420'],
    ['Secret', 'Attack at dawn', '45a01f645fc35b383552544b9bf5'],
  ])('key %s', (key, text, sealed) => {
    expect(new ntlm.Rc4(Buffer.from(key)).apply(Buffer.from(text)).toString('hex')).toBe(sealed);
  });

  it('goes on where the message before ended', () => {
    const cipher = new ntlm.Rc4(Buffer.from('Secret'));
    const parts = [cipher.apply(Buffer.from('Attack ')), cipher.apply(Buffer.from('at dawn'))];
    expect(Buffer.concat(parts).toString('hex')).toBe('45a01f645fc35b383552544b9bf5');
  });
});

describe('NTLMv2 as published (MS-NLMP 4.2.4)', () => {
  const serverChallenge = hex('0123456789abcdef');
  const clientChallenge = hex('aaaaaaaaaaaaaaaa');
  const sessionKey = Buffer.alloc(16, 0x55);
  const targetInfo = ntlm.writeAvPairs([
    { id: ntlm.AvId.nbDomainName, value: Buffer.from('Domain', 'utf16le') },
    { id: ntlm.AvId.nbComputerName, value: Buffer.from('Server', 'utf16le') },
  ]);
  const key = ntlm.ntowfV2('User', 'Password', 'Domain');
  const blob = ntlm.ntlmV2Blob(Buffer.alloc(8), clientChallenge, targetInfo);
  const proof = ntlm.ntProof(key, serverChallenge, blob);

  it('hash of the account', () => {
    expect(key.toString('hex')).toBe('0c868a403bfd7a93a3001ef22ef02e3f');
  });

  it('proof of the password', () => {
    expect(proof.toString('hex')).toBe('68cd0ab851e51c96aabc927bebef6a1c');
  });

  it('LMv2 response, for a host that sends no timestamp', () => {
    const response = ntlm.lmV2Response(key, serverChallenge, clientChallenge);
    expect(response.toString('hex')).toBe('86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa');
  });

  it('session base key', () => {
    expect(ntlm.sessionBaseKey(key, proof).toString('hex')).toBe('8de40ccadbc14a82f15cb0ad0de95ca3');
  });

  it('encrypted session key', () => {
    const encrypted = new ntlm.Rc4(ntlm.sessionBaseKey(key, proof)).apply(sessionKey);
    expect(encrypted.toString('hex')).toBe('c5dad2544fc9799094ce1ce90bc9d03e');
  });

  it('sealed message with its signature', () => {
    const { sealed, signature } = new ntlm.NtlmSession(sessionKey, 'client').seal(Buffer.from('Plaintext', 'utf16le'));
    expect(sealed.toString('hex')).toBe('54e50165bf1936dc996020c1811b0f06fb5f');
    expect(signature.toString('hex')).toBe('010000007fb38ec5c55d497600000000');
  });

  it('the whole answer of the client to the published challenge', () => {
    const random = (length: number): Buffer => (length === 8 ? clientChallenge : sessionKey);
    const credentials = { username: 'User', password: 'Password', domain: 'Domain' };
    const client = new ntlm.NtlmClient(credentials, undefined, { random, now: () => -11644473600000 });
    const challenge = ntlm.writeChallenge({
      flags: ntlm.CLIENT_FLAGS,
      serverChallenge,
      targetName: 'Server',
      targetInfo: ntlm.readAvPairs(targetInfo),
    });
    const { message, session } = client.authenticate(challenge);
    const read = ntlm.readAuthenticate(message);
    expect(read.ntResponse.subarray(0, 16)).toEqual(proof);
    expect(read.lmResponse.toString('hex')).toBe('86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa');
    expect(read.encryptedSessionKey.toString('hex')).toBe('c5dad2544fc9799094ce1ce90bc9d03e');
    expect(read).toMatchObject({ username: 'User', domain: 'Domain', mic: Buffer.alloc(16) });
    expect(session.seal(Buffer.from('Plaintext', 'utf16le')).sealed.toString('hex')).toBe(
      '54e50165bf1936dc996020c1811b0f06fb5f',
    );
  });
});
