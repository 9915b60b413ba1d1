/** What a peer sent does not follow PS3.8. The message is for people. */
export class PduFault extends Error {}

export interface Fields {
  left(): number;
  byte(): number;
  /** Big-endian, as everything in a PDU but the data set. */
  long(): number;
  bytes(length: number): Buffer;
  skip(length: number): void;
  /** Without the padding that titles and identifiers carry. */
  text(length: number): string;
  rest(): Buffer;
}

/** Reads a PDU from the front; throws `PduFault` beyond its end. */
export function fields(body: Buffer): Fields {
  let at = 0;
  const take = (length: number): Buffer => {
    if (at + length > body.length) throw new PduFault('The PDU is shorter than its own lengths say.');
    at += length;
    return body.subarray(at - length, at);
  };
  return {
    left: () => body.length - at,
    byte: () => take(1).readUInt8(),
    long: () => take(4).readUInt32BE(),
    bytes: take,
    skip: (length) => void take(length),
    text: (length) => withoutPadding(take(length).toString('latin1')),
    rest: () => take(body.length - at),
  };
}

/** Items of an association: type, one reserved byte, a length of two bytes, the body. */
export function items(body: Buffer): readonly { readonly type: number; readonly body: Buffer }[] {
  const found: { type: number; body: Buffer }[] = [];
  const read = fields(body);
  while (read.left() > 0) {
    const type = read.byte();
    read.skip(1);
    const length = read.byte() * 256 + read.byte();
    found.push({ type, body: read.bytes(length) });
  }
  return found;
}

function withoutPadding(text: string): string {
  // eslint-disable-next-line no-control-regex -- identifiers are padded with a zero byte
  return text.replace(/[\u0000 ]+$/, '').trimStart();
}
