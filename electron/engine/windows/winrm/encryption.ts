import { WinrmError } from './errors';
import type { NtlmSession } from './ntlm/index';

// MS-WSMV 2.2.9.1: one part with the headers of what is encrypted, one part with the bytes. The bytes may contain
// anything, the boundary too, so the message is cut by position, never by searching for the boundary in the data.

const PROTOCOL = 'application/HTTP-SPNEGO-session-encrypted';
const BOUNDARY = 'Encrypted Boundary';
const SIGNATURE_LENGTH = 16;
const MAX_PLAIN = 4 * 1024 * 1024;

/** The Content-Type header of an encrypted message. */
export const ENCRYPTED_CONTENT_TYPE = `multipart/encrypted;protocol="${PROTOCOL}";boundary="${BOUNDARY}"`;

/** The type of the SOAP text, inside and outside of encryption. */
export const SOAP_CONTENT_TYPE = 'application/soap+xml;charset=UTF-8';

/** True for the Content-Type of an encrypted message. */
export function isEncrypted(contentType: string): boolean {
  return /^multipart\/encrypted\b/i.test(contentType) && contentType.toLowerCase().includes(PROTOCOL.toLowerCase());
}

/** Seals a message and puts it in its frame. */
export function encryptMessage(session: NtlmSession, plain: Buffer): Buffer {
  const { signature, sealed } = session.seal(plain);
  const head =
    `--${BOUNDARY}\r\n\tContent-Type: ${PROTOCOL}\r\n` +
    `\tOriginalContent: type=${SOAP_CONTENT_TYPE};Length=${String(plain.length)}\r\n` +
    `--${BOUNDARY}\r\n\tContent-Type: application/octet-stream\r\n`;
  const length = Buffer.alloc(4);
  length.writeUInt32LE(signature.length);
  return Buffer.concat([Buffer.from(head), length, signature, sealed, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

/** A frame taken apart. */
export interface EncryptedFrame {
  readonly plainLength: number;
  readonly signature: Buffer;
  readonly sealed: Buffer;
}

function bad(what: string): WinrmError {
  return new WinrmError('protocol', `An encrypted message is damaged: ${what}.`);
}

/** Reads one line; its end must lie within 512 bytes. */
function line(data: Buffer, at: number): { readonly text: string; readonly next: number } {
  const end = data.subarray(at, at + 512).indexOf('\r\n');
  if (end < 0) throw bad('a header line has no end');
  return { text: data.subarray(at, at + end).toString('latin1'), next: at + end + 2 };
}

/** Some implementations write a blank after the dashes. */
function isBoundary(text: string, closing: boolean): boolean {
  return text.replace(/^--\s?/, '--') === `--${BOUNDARY}${closing ? '--' : ''}`;
}

/** Takes a frame apart by position. Throws `protocol`. */
export function readFrame(data: Buffer): EncryptedFrame {
  const first = line(data, 0);
  if (!isBoundary(first.text, false)) throw bad('the first boundary');
  const type = line(data, first.next);
  const original = line(data, type.next);
  const second = line(data, original.next);
  const octets = line(data, second.next);
  if (!type.text.toLowerCase().includes(PROTOCOL.toLowerCase())) throw bad('the protocol');
  const declared = /^\s*OriginalContent:.*;\s*Length=(\d{1,9})\s*$/i.exec(original.text);
  if (!declared || Number(declared[1]) > MAX_PLAIN) throw bad('the length');
  if (!isBoundary(second.text, false)) throw bad('the second boundary');
  if (!/^\s*Content-Type:\s*application\/octet-stream\s*$/i.test(octets.text)) throw bad('the type of the data');
  const plainLength = Number(declared[1]);
  const start = octets.next;
  if (start + 4 > data.length || data.readUInt32LE(start) !== SIGNATURE_LENGTH) throw bad('the signature length');
  const sealedAt = start + 4 + SIGNATURE_LENGTH;
  const end = sealedAt + plainLength;
  if (end > data.length) throw bad('it is cut short');
  const last = data.subarray(end).toString('latin1');
  if (last.length > 64 || !isBoundary(last.trimEnd(), true)) throw bad('the last boundary');
  return {
    plainLength,
    signature: data.subarray(start + 4, sealedAt),
    sealed: data.subarray(sealedAt, end),
  };
}

/** Takes a frame apart, decrypts it and checks its signature. Throws `protocol`. */
export function decryptMessage(session: NtlmSession, data: Buffer): Buffer {
  const frame = readFrame(data);
  return session.unseal(frame.signature, frame.sealed);
}
