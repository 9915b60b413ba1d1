import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checksumFileLimit, parseChecksumFile } from '#shared/domain/updates/checksum-file';

const name = 'lb_update.8.13.2-1.lb.tar.gz';
const md5 = 'd41d8cd98f00b204e9800998ecf8427e';
const sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const found = (text: string): string => {
  const reading = parseChecksumFile(text, name);
  return reading.kind === 'checksum' ? `${reading.checksum.algorithm} ${reading.checksum.value}` : reading.reason;
};

describe('a checksum file', () => {
  it.each([
    ['a bare digest', md5],
    ['a bare digest with a line end', `${md5}\n`],
    ['digest and name', `${md5}  ${name}\n`],
    ['digest and name in binary mode', `${md5} *${name}`],
    ['upper case', md5.toUpperCase()],
    ['Windows line ends and a byte order mark', `\uFEFF${md5}  ${name}\r\n`],
    ['a path before the name', `${md5}  ./downloads/${name}`],
    ['the form of the BSDs', `MD5 (${name}) = ${md5}`],
    ['lines of other files around it', `${'0'.repeat(32)}  other.gz\n${md5}  ${name}\n${'1'.repeat(32)}  more.gz`],
    ['comments and empty lines', `# from support\n\n${md5}  ${name}\n`],
  ])('is understood: %s', (_form, text) => expect(found(text)).toBe(`md5 ${md5}`));

  it.each([
    ['md5', 32],
    ['sha1', 40],
    ['sha256', 64],
    ['sha512', 128],
  ])('tells %s by its length', (algorithm, length) => {
    expect(found('a'.repeat(length))).toBe(`${algorithm} ${'a'.repeat(length)}`);
  });

  it('prefers the strongest digest of the archive', () => {
    expect(found(`${md5}  ${name}\n${sha256}  ${name}`)).toBe(`sha256 ${sha256}`);
  });

  it.each([
    ['empty', '', 'It is empty.'],
    ['text', 'the digest is on the website', 'It holds no digest of a known length.'],
    ['a digest of an unknown length', 'a'.repeat(33), 'It holds no digest of a known length.'],
    ['other files only', `${md5}  other.gz`, 'Its digests are those of other files.'],
    ['two that differ', `${md5}\n${'0'.repeat(32)}`, 'It holds several digests that differ.'],
    ['far too long', 'a'.repeat(checksumFileLimit + 1), 'It is too long for a checksum file.'],
    ['a page of the web', `<html>${md5}</html>`, 'It holds no digest of a known length.'],
  ])('is refused: %s', (_form, text, reason) => expect(found(text)).toBe(reason));

  it('yields only a lower-case digest that stands in the text, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 120 }), (text) => {
        const reading = parseChecksumFile(text, name);
        return reading.kind !== 'checksum' || text.toLowerCase().includes(reading.checksum.value);
      }),
    );
  });

  it('finds any digest in any of the forms', () => {
    const hex = fc.constantFrom(32, 40, 64, 128).chain((length) =>
      fc.string({
        unit: fc.constantFrom(...Array.from({ length: 16 }, (_, digit) => digit.toString(16))),
        minLength: length,
        maxLength: length,
      }),
    );
    const form = fc.constantFrom(
      (digest: string) => digest,
      (digest: string) => `${digest}  ${name}`,
      (digest: string) => `${digest} *${name}\r\n`,
      (digest: string) => `  ${digest.toUpperCase()}  `,
    );
    fc.assert(
      fc.property(hex, form, (digest, write) => {
        const reading = parseChecksumFile(write(digest), name);
        return reading.kind === 'checksum' && reading.checksum.value === digest;
      }),
    );
  });
});
