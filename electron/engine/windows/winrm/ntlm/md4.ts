// MD4 (RFC 1320). OpenSSL 3 keeps it in the legacy provider, which Node does not load, and NTLM still needs it for the
// hash of the password. Used for nothing else.

const ROUND_2 = 0x5a827999;
const ROUND_3 = 0x6ed9eba1;
const SHIFTS = [
  [3, 7, 11, 19],
  [3, 5, 9, 13],
  [3, 9, 11, 15],
] as const;
const ORDER_2 = [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15] as const;
const ORDER_3 = [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15] as const;

function rotate(value: number, bits: number): number {
  return ((value << bits) | (value >>> (32 - bits))) >>> 0;
}

function pad(message: Uint8Array): Buffer {
  const length = Math.ceil((message.length + 9) / 64) * 64;
  const padded = Buffer.alloc(length);
  padded.set(message, 0);
  padded[message.length] = 0x80;
  padded.writeBigUInt64LE(BigInt(message.length) * 8n, length - 8);
  return padded;
}

/** The 16 byte MD4 digest of `message`. */
export function md4(message: Uint8Array): Buffer {
  const padded = pad(message);
  let [a, b, c, d] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let block = 0; block < padded.length; block += 64) {
    const [savedA, savedB, savedC, savedD] = [a, b, c, d];
    for (let step = 0; step < 48; step++) {
      const round = Math.floor(step / 16) as 0 | 1 | 2;
      const index = step % 16;
      const word = round === 0 ? index : ((round === 1 ? ORDER_2[index] : ORDER_3[index]) ?? 0);
      const mixed = round === 0 ? (b & c) | (~b & d) : round === 1 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
      const constant = round === 0 ? 0 : round === 1 ? ROUND_2 : ROUND_3;
      const sum = (a + (mixed >>> 0) + padded.readUInt32LE(block + word * 4) + constant) >>> 0;
      [a, b, c, d] = [d, rotate(sum, SHIFTS[round][index % 4] ?? 0), b, c];
    }
    [a, b, c, d] = [(a + savedA) >>> 0, (b + savedB) >>> 0, (c + savedC) >>> 0, (d + savedD) >>> 0];
  }
  const digest = Buffer.alloc(16);
  [a, b, c, d].forEach((word, index) => digest.writeUInt32LE(word, index * 4));
  return digest;
}
