import { WinrmError } from '../errors';

/** Identifiers of target information (MS-NLMP 2.2.2.1). */
export const AvId = {
  eol: 0,
  nbComputerName: 1,
  nbDomainName: 2,
  dnsComputerName: 3,
  dnsDomainName: 4,
  flags: 6,
  timestamp: 7,
  channelBindings: 10,
} as const;

/** Bit of the `flags` pair: the AUTHENTICATE message carries a MIC. */
export const AV_FLAG_MIC = 2;

export interface AvPair {
  readonly id: number;
  readonly value: Buffer;
}

const MAX_PAIRS = 64;

/** Reads target information; every pair is kept in order, the terminator left out. Throws `protocol`. */
export function readAvPairs(data: Buffer): readonly AvPair[] {
  const pairs: AvPair[] = [];
  let at = 0;
  while (pairs.length < MAX_PAIRS) {
    if (at + 4 > data.length) throw new WinrmError('protocol', 'The NTLM target information has no end.');
    const id = data.readUInt16LE(at);
    const length = data.readUInt16LE(at + 2);
    if (id === AvId.eol) return pairs;
    if (at + 4 + length > data.length) throw new WinrmError('protocol', 'The NTLM target information is cut short.');
    pairs.push({ id, value: Buffer.from(data.subarray(at + 4, at + 4 + length)) });
    at += 4 + length;
  }
  throw new WinrmError('protocol', 'The NTLM target information has too many entries.');
}

/** Writes target information with its terminator. */
export function writeAvPairs(pairs: readonly AvPair[]): Buffer {
  const parts = pairs.map(({ id, value }) => {
    const head = Buffer.alloc(4);
    head.writeUInt16LE(id, 0);
    head.writeUInt16LE(value.length, 2);
    return Buffer.concat([head, value]);
  });
  return Buffer.concat([...parts, Buffer.alloc(4)]);
}

/** The value of the first pair with this identifier. */
export function findAv(pairs: readonly AvPair[], id: number): Buffer | undefined {
  return pairs.find((pair) => pair.id === id)?.value;
}

/** Replaces the pair with this identifier where it stands, or appends it. */
export function setAv(pairs: readonly AvPair[], id: number, value: Buffer): readonly AvPair[] {
  const known = pairs.some((pair) => pair.id === id);
  return known ? pairs.map((pair) => (pair.id === id ? { id, value } : pair)) : [...pairs, { id, value }];
}
