import { createHash, createHmac } from 'node:crypto';
import { md4 } from './md4';

/** HMAC-MD5 over the concatenation of `parts`. */
export function hmacMd5(key: Uint8Array, ...parts: readonly Uint8Array[]): Buffer {
  const hmac = createHmac('md5', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}

/** MD5 over the concatenation of `parts`. */
export function md5(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** NTOWFv2 (MS-NLMP 3.3.2): the user name in upper case, the domain as it is. */
export function ntowfV2(username: string, password: string, domain: string): Buffer {
  const passwordHash = md4(Buffer.from(password, 'utf16le'));
  return hmacMd5(passwordHash, Buffer.from(username.toUpperCase() + domain, 'utf16le'));
}

/** The client's part of an NTLMv2 response (`temp` in MS-NLMP 3.3.2). `timestamp` is a FILETIME of 8 bytes. */
export function ntlmV2Blob(timestamp: Buffer, clientChallenge: Buffer, targetInfo: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from([1, 1, 0, 0, 0, 0, 0, 0]),
    timestamp,
    clientChallenge,
    Buffer.alloc(4),
    targetInfo,
    Buffer.alloc(4),
  ]);
}

/** The proof that stands before the blob in an NTLMv2 response. */
export function ntProof(key: Buffer, serverChallenge: Buffer, blob: Buffer): Buffer {
  return hmacMd5(key, serverChallenge, blob);
}

/** The session base key, which in NTLMv2 is the key exchange key too. */
export function sessionBaseKey(key: Buffer, proof: Buffer): Buffer {
  return hmacMd5(key, proof);
}

/** LMv2 response of 24 bytes, sent only to a host that gives no timestamp. */
export function lmV2Response(key: Buffer, serverChallenge: Buffer, clientChallenge: Buffer): Buffer {
  return Buffer.concat([hmacMd5(key, serverChallenge, clientChallenge), clientChallenge]);
}

/** Windows file time (100 ns since 1601, little endian) of a moment in milliseconds since 1970. */
export function fileTime(milliseconds: number): Buffer {
  const data = Buffer.alloc(8);
  data.writeBigUInt64LE((BigInt(Math.floor(milliseconds)) + 11644473600000n) * 10000n);
  return data;
}
