import { WinrmError } from './errors';

/** One element of a DER encoding. */
export interface DerElement {
  readonly tag: number;
  readonly value: Buffer;
  /** Where the next element starts in the buffer that was read. */
  readonly end: number;
}

/** Reads the element at `at`. Throws `protocol` when lengths do not fit. */
export function readDer(data: Buffer, at = 0): DerElement {
  const tag = data[at];
  const first = data[at + 1];
  if (tag === undefined || first === undefined) throw cutShort();
  let length = first;
  let start = at + 2;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4 || start + count > data.length) throw cutShort();
    length = data.readUIntBE(start, count);
    start += count;
  }
  if (start + length > data.length) throw cutShort();
  return { tag, value: data.subarray(start, start + length), end: start + length };
}

function cutShort(): WinrmError {
  return new WinrmError('protocol', 'The certificate of the host cannot be read.');
}

/** Hex of the object identifier in a certificate's signatureAlgorithm, and of its parameters. */
export function signatureAlgorithm(certificate: Buffer): { readonly oid: string; readonly parameters: Buffer } {
  const outer = readDer(certificate);
  const toBeSigned = readDer(outer.value);
  const algorithm = readDer(outer.value, toBeSigned.end);
  const oid = readDer(algorithm.value);
  if (outer.tag !== 0x30 || algorithm.tag !== 0x30 || oid.tag !== 0x06) throw cutShort();
  return { oid: oid.value.toString('hex'), parameters: algorithm.value.subarray(oid.end) };
}
