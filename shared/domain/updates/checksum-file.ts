/** The kinds of digest that can be told by their length. */
export const checksumAlgorithms = ['md5', 'sha1', 'sha256', 'sha512'] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Lower-case hexadecimal. */
  readonly value: string;
}

export type ChecksumReading =
  | { readonly kind: 'checksum'; readonly checksum: Checksum }
  | { readonly kind: 'not-understood'; readonly reason: string };

/** A checksum file is a line or a short list. Anything longer is not read further. */
export const checksumFileLimit = 65_536;
const lineLimit = 1_000;

const byLength: Readonly<Record<number, ChecksumAlgorithm>> = { 32: 'md5', 40: 'sha1', 64: 'sha256', 128: 'sha512' };
const names: Readonly<Record<ChecksumAlgorithm, string>> = {
  md5: 'MD5',
  sha1: 'SHA-1',
  sha256: 'SHA-256',
  sha512: 'SHA-512',
};

/** For example `SHA-256`. */
export function algorithmName(algorithm: ChecksumAlgorithm): string {
  return names[algorithm];
}

interface Line {
  readonly checksum: Checksum;
  /** `null` for a bare digest. */
  readonly name: string | null;
}

/**
 * Finds the digest of `archiveName` in the text of a checksum file. Understands the bare digest that the vendor ships
 * [V], `digest  name`, `digest *name` and `MD5 (name) = digest`, in either case, with any line ends and a byte order mark.
 * Lines that name other files are passed over; with only those, or with two digests that disagree, it is not understood.
 */
export function parseChecksumFile(text: string, archiveName: string): ChecksumReading {
  if (text.length > checksumFileLimit) return notUnderstood('It is too long for a checksum file.');
  const rows = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  if (rows.length > lineLimit) return notUnderstood('It has too many lines for a checksum file.');
  const written = rows.map((row) => row.trim()).filter((row) => row !== '' && !row.startsWith('#'));
  if (written.length === 0) return notUnderstood('It is empty.');
  const lines: Line[] = [];
  for (const row of written) {
    const line = parseLine(row);
    if (line) lines.push(line);
  }
  if (lines.length === 0) return notUnderstood('It holds no digest of a known length.');
  const own = lines.filter((line) => line.name === archiveName);
  const bare = lines.filter((line) => line.name === null);
  const fitting = own.length > 0 ? own : bare;
  const first = fitting[0];
  if (!first) return notUnderstood('Its digests are those of other files.');
  const strongest = strongestOf(fitting, first);
  const contradicted = fitting.some(
    (line) =>
      line.checksum.algorithm === strongest.checksum.algorithm && line.checksum.value !== strongest.checksum.value,
  );
  if (contradicted) return notUnderstood('It holds several digests that differ.');
  return { kind: 'checksum', checksum: strongest.checksum };
}

function strongestOf(lines: readonly Line[], first: Line): Line {
  return lines.reduce((best, line) => (line.checksum.value.length > best.checksum.value.length ? line : best), first);
}

function parseLine(row: string): Line | null {
  const tagged = /^(MD5|SHA1|SHA256|SHA512) ?\((.{1,255})\) ?= ?([0-9A-Fa-f]{32,128})$/.exec(row);
  if (tagged) return toLine(tagged[3] ?? '', tagged[2] ?? '');
  const plain = /^\\?([0-9A-Fa-f]{32,128})(?:[ \t]+\*?(\S.{0,254}))?$/.exec(row);
  if (plain) return toLine(plain[1] ?? '', plain[2] ?? null);
  return null;
}

function toLine(digest: string, path: string | null): Line | null {
  const algorithm = byLength[digest.length];
  if (!algorithm) return null;
  const name = path === null ? null : path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  return { checksum: { algorithm, value: digest.toLowerCase() }, name };
}

function notUnderstood(reason: string): ChecksumReading {
  return { kind: 'not-understood', reason };
}
