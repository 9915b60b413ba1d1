import { createHash } from 'node:crypto';

/** Bytes that follow from the practice seed and a purpose alone: host keys, passwords. For practice only. */
export function seededBytes(seed: number, purpose: string, length: 16 | 32 = 32): Buffer {
  return createHash('sha256').update(`evenkeel practice ${seed} ${purpose}`).digest().subarray(0, length);
}

/** A number from 0 (inclusive) to 1 that follows from the seed and a purpose alone. */
export function seededFraction(seed: number, purpose: string): number {
  return seededBytes(seed, purpose).readUInt32BE(0) / 2 ** 32;
}

/** An endless repeatable sequence of bytes, in chunks of 64 KiB (xorshift32: fast, and does not compress). */
export function* seededChunks(seed: number, purpose: string): Generator<Buffer, never> {
  let x = seededBytes(seed, purpose).readUInt32LE(0) | 1;
  for (;;) {
    const words = new Uint32Array(16_384);
    for (let i = 0; i < words.length; i++) {
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      words[i] = x;
    }
    yield Buffer.from(words.buffer);
  }
}

/** A password a person can type, for one unit and one purpose. */
export function seededPassword(seed: number, purpose: string): string {
  const hex = seededBytes(seed, `password ${purpose}`).toString('hex');
  return `Practice-${hex.slice(0, 4)}-${hex.slice(4, 8)}`;
}
