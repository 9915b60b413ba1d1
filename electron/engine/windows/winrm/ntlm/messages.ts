import { WinrmError } from '../errors';
import { readAvPairs, writeAvPairs, type AvPair } from './av-pairs';
import { CLIENT_FLAGS, NtlmFlag, VERSION_BYTES } from './flags';

// The three messages of MS-NLMP 2.2.1. Fields with offsets are written in the order domain, user, workstation, LM, NT,
// key, which is the one that every implementation accepts.

const SIGNATURE = Buffer.from('NTLMSSP\0', 'latin1');
const MAX_MESSAGE = 16 * 1024;
const AUTHENTICATE_HEADER = 88;

/** Where the MIC sits in an AUTHENTICATE message: after flags and version. */
export const MIC_OFFSET = 72;

export interface ChallengeMessage {
  readonly flags: number;
  readonly serverChallenge: Buffer;
  readonly targetName: string;
  readonly targetInfo: readonly AvPair[];
}

export interface AuthenticateMessage {
  readonly flags: number;
  readonly lmResponse: Buffer;
  readonly ntResponse: Buffer;
  readonly domain: string;
  readonly username: string;
  readonly workstation: string;
  readonly encryptedSessionKey: Buffer;
  /** 16 bytes; all zero when there is none. */
  readonly mic: Buffer;
}

function expectHeader(data: Buffer, type: number, minimum: number): void {
  if (data.length < minimum || data.length > MAX_MESSAGE || !data.subarray(0, 8).equals(SIGNATURE)) {
    throw new WinrmError('protocol', 'The host sent something that is not an NTLM message.');
  }
  if (data.readUInt32LE(8) !== type)
    throw new WinrmError('protocol', `An NTLM message of type ${String(type)} was expected.`);
}

function readField(data: Buffer, at: number): Buffer {
  const length = data.readUInt16LE(at);
  const offset = data.readUInt32LE(at + 4);
  if (length === 0) return Buffer.alloc(0);
  if (offset + length > data.length) throw new WinrmError('protocol', 'An NTLM message is cut short.');
  return Buffer.from(data.subarray(offset, offset + length));
}

/** Names are UTF-16 unless only OEM was agreed on; the code page is not told, so only its common part is read. */
function nameEncoding(flags: number): 'utf16le' | 'latin1' {
  return (flags & NtlmFlag.unicode) === 0 ? 'latin1' : 'utf16le';
}

function writeField(data: Buffer, at: number, length: number, offset: number): void {
  data.writeUInt16LE(length, at);
  data.writeUInt16LE(length, at + 2);
  data.writeUInt32LE(offset, at + 4);
}

/** The first message of a client. */
export function writeNegotiate(flags: number = CLIENT_FLAGS): Buffer {
  const data = Buffer.alloc(40);
  SIGNATURE.copy(data);
  data.writeUInt32LE(1, 8);
  data.writeUInt32LE(flags, 12);
  VERSION_BYTES.copy(data, 32);
  return data;
}

/** The flags of a client's first message. Throws `protocol`. */
export function readNegotiate(data: Buffer): { readonly flags: number } {
  expectHeader(data, 1, 16);
  return { flags: data.readUInt32LE(12) };
}

/** A server's answer. */
export function writeChallenge(message: ChallengeMessage): Buffer {
  const name = Buffer.from(message.targetName, nameEncoding(message.flags));
  const info = writeAvPairs(message.targetInfo);
  const data = Buffer.alloc(56);
  SIGNATURE.copy(data);
  data.writeUInt32LE(2, 8);
  writeField(data, 12, name.length, 56);
  data.writeUInt32LE(message.flags, 20);
  message.serverChallenge.copy(data, 24);
  writeField(data, 40, info.length, 56 + name.length);
  VERSION_BYTES.copy(data, 48);
  return Buffer.concat([data, name, info]);
}

/** Reads a server's answer. Throws `protocol`. */
export function readChallenge(data: Buffer): ChallengeMessage {
  expectHeader(data, 2, 48);
  const flags = data.readUInt32LE(20);
  return {
    flags,
    serverChallenge: Buffer.from(data.subarray(24, 32)),
    targetName: readField(data, 12).toString(nameEncoding(flags)),
    targetInfo: readAvPairs(readField(data, 40)),
  };
}

/** The last message of a client, with whatever MIC it is given. */
export function writeAuthenticate(message: AuthenticateMessage): Buffer {
  const encoding = nameEncoding(message.flags);
  const parts = [
    { at: 28, value: Buffer.from(message.domain, encoding) },
    { at: 36, value: Buffer.from(message.username, encoding) },
    { at: 44, value: Buffer.from(message.workstation, encoding) },
    { at: 12, value: message.lmResponse },
    { at: 20, value: message.ntResponse },
    { at: 52, value: message.encryptedSessionKey },
  ];
  const data = Buffer.alloc(AUTHENTICATE_HEADER);
  SIGNATURE.copy(data);
  data.writeUInt32LE(3, 8);
  let offset = AUTHENTICATE_HEADER;
  for (const { at, value } of parts) {
    writeField(data, at, value.length, offset);
    offset += value.length;
  }
  data.writeUInt32LE(message.flags, 60);
  VERSION_BYTES.copy(data, 64);
  message.mic.copy(data, MIC_OFFSET);
  return Buffer.concat([data, ...parts.map(({ value }) => value)]);
}

/** Reads a client's last message. A message too short for a MIC has a MIC of zeros. Throws `protocol`. */
export function readAuthenticate(data: Buffer): AuthenticateMessage {
  expectHeader(data, 3, 64);
  const flags = data.readUInt32LE(60);
  const encoding = nameEncoding(flags);
  const firstPayload = Math.min(
    ...[12, 20, 28, 36, 44, 52].filter((at) => data.readUInt16LE(at) > 0).map((at) => data.readUInt32LE(at + 4)),
  );
  const hasMic = firstPayload >= AUTHENTICATE_HEADER && data.length >= AUTHENTICATE_HEADER;
  return {
    flags,
    lmResponse: readField(data, 12),
    ntResponse: readField(data, 20),
    domain: readField(data, 28).toString(encoding),
    username: readField(data, 36).toString(encoding),
    workstation: readField(data, 44).toString(encoding),
    encryptedSessionKey: readField(data, 52),
    mic: hasMic ? Buffer.from(data.subarray(MIC_OFFSET, MIC_OFFSET + 16)) : Buffer.alloc(16),
  };
}
