import type { Random } from './random';

/** Numbers at which code that counts goes wrong. */
const NUMBERS = [
  0, 1, 2, 3, 4, 15, 16, 17, 127, 128, 255, 256, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff,
] as const;
const TEXT_NUMBERS = [
  '0',
  '1',
  '-1',
  '00',
  '7',
  '999',
  '65536',
  '4194304',
  '4194305',
  '2147483648',
  '4294967296',
  '9'.repeat(9),
  '9'.repeat(40),
  '0x10',
  '1e3',
  '',
  ' ',
  'NaN',
] as const;
const TOKENS = [
  '\r\n',
  '\r\n\r\n',
  '\n',
  '\0',
  '\uFEFF',
  '--Encrypted Boundary',
  '--Encrypted Boundary--\r\n',
  '-- Encrypted Boundary',
  '<',
  '>',
  '</',
  '/>',
  '&',
  '&#0;',
  '&#x110000;',
  '&#xFFFFFF;',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<!DOCTYPE a [<!ENTITY x "y">]>',
  '<?',
  '"',
  "'",
  '=',
  'Content-Length: 5\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Connection: close\r\n',
  'HTTP/1.1 200 OK\r\n\r\n',
  'HTTP/1.1 100 Continue\r\n\r\n',
  'NTLMSSP\0',
  '<s:Fault>',
  '<s:Envelope>',
  'Code="2150858793"',
  '<a><a>',
  'xmlns',
  '__proto__',
  'constructor',
] as const;

/** Changes bytes in one of many ways; the result may be the same by chance. */
export function damage(data: Buffer, random: Random): Buffer {
  let result = data;
  for (let times = random.pick([1, 1, 1, 2, 3]); times > 0; times--) result = once(result, random);
  return result;
}

/** After these the numbers stand that a reader relies on. */
const LANDMARKS = [
  '\r\n\r\n',
  'application/octet-stream\r\n',
  'NTLMSSP\0',
  'Length=',
  '<rsp:Stream Name="stdout"',
] as const;

/** Anywhere, or near a place where a length, a signature or an end is read. */
function place(data: Buffer, random: Random): number {
  const within = (at: number): number => Math.max(0, Math.min(data.length, at));
  if (random.chance(40)) return random.below(data.length + 1);
  if (random.chance(25)) return within(data.length - random.below(28));
  const mark = random.pick(LANDMARKS);
  const found = data.lastIndexOf(mark);
  return found < 0 ? random.below(data.length + 1) : within(found + mark.length + random.below(64));
}

function once(data: Buffer, random: Random): Buffer {
  const copy = Buffer.from(data);
  const at = place(copy, random);
  const before = copy.subarray(0, at);
  const some = 1 + random.below(random.chance(90) ? 32 : 4096);
  switch (random.below(10)) {
    case 0:
      return before;
    case 1:
      if (at < copy.length) copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
      return copy;
    case 2:
      return Buffer.concat([before, random.bytes(some), copy.subarray(at)]);
    case 3:
      return Buffer.concat([before, copy.subarray(at + some)]);
    case 4:
      return Buffer.concat([before, copy.subarray(at, at + some), copy.subarray(at)]);
    case 5:
      return Buffer.concat([before, Buffer.from(random.pick(TOKENS)), copy.subarray(at)]);
    case 6:
      return Buffer.from(number(copy.toString('latin1'), random), 'latin1');
    case 7: {
      const width = random.pick([2, 4]);
      if (at + width <= copy.length) copy.writeUIntLE(random.pick(NUMBERS) % 2 ** (8 * width), at, width);
      return copy;
    }
    case 8:
      return Buffer.from(quoted(copy.toString('latin1'), random), 'latin1');
    default:
      return copy.fill(random.below(256), at, Math.min(copy.length, at + some));
  }
}

/** Another number in place of one in the text. */
function number(text: string, random: Random): string {
  const found = [...text.matchAll(/\d+/g)];
  const chosen = found[random.below(Math.max(1, found.length))];
  if (chosen === undefined) return text;
  return text.slice(0, chosen.index) + random.pick(TEXT_NUMBERS) + text.slice(chosen.index + chosen[0].length);
}

/** Something else between two quotes or two tags. */
function quoted(text: string, random: Random): string {
  const found = [...text.matchAll(/"[^"]*"|>[^<]+</g)];
  const chosen = found[random.below(Math.max(1, found.length))];
  if (chosen === undefined) return text;
  const inner = random.pick([
    '',
    random.pick(TOKENS),
    random.bytes(random.below(40)).toString('latin1'),
    'A'.repeat(random.below(5000)),
    random.bytes(6).toString('base64'),
  ]);
  return text.slice(0, chosen.index + 1) + inner + text.slice(chosen.index + chosen[0].length - 1);
}

/** A reply made up from the parts of replies. */
export function invented(random: Random): Buffer {
  if (random.chance(15)) return random.bytes(random.below(400));
  const status = random.pick([
    'HTTP/1.1 200 OK',
    'HTTP/1.1 401 No',
    'HTTP/1.1 500 No',
    'HTTP/1.0 200',
    'HTTP/1.1 100 Continue',
    'HTTP/1.1 999 x',
    'HTTP/2 200',
    'ICY 200 OK',
    'SSH-2.0-x',
    '',
  ]);
  const lines = Array.from({ length: random.below(6) }, () => header(random));
  const body = random.chance(40) ? chunks(random) : random.bytes(random.below(200));
  return Buffer.concat([
    Buffer.from(`${status}\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`, 'latin1'),
    body,
  ]);
}

function header(random: Random): string {
  const token = random.bytes(random.below(120)).toString('base64');
  return random.pick([
    `Content-Length: ${random.pick(TEXT_NUMBERS)}`,
    'Transfer-Encoding: chunked',
    `Transfer-Encoding: ${random.pick(['gzip', 'chunked, chunked', 'CHUNKED', 'identity'])}`,
    `WWW-Authenticate: Negotiate ${token}`,
    `WWW-Authenticate: NTLM ${token}`,
    `WWW-Authenticate: ${random.pick(['', ',', 'Negotiate', 'Basic realm="x, Negotiate y"', 'Kerberos, Negotiate', 'Negotiate ====', 'Negotiate TlRMTVNTUAA='])}`,
    'Content-Type: multipart/encrypted;protocol="application/HTTP-SPNEGO-session-encrypted";boundary="Encrypted Boundary"',
    'Content-Type: application/soap+xml;charset=UTF-8',
    'Connection: close',
    `X: ${'y'.repeat(random.below(3000))}`,
    ': nothing',
    'no colon',
  ]);
}

function chunks(random: Random): Buffer {
  const parts: Buffer[] = [];
  for (let n = random.below(5); n > 0; n--) {
    const data = random.bytes(random.below(60));
    const size = random.chance(70)
      ? data.length.toString(16)
      : random.pick(['FFFFFFFF', '-1', '7fffffff', '0', 'g', '', `${'0'.repeat(300)}5`, '400001']);
    parts.push(
      Buffer.from(`${size}${random.chance(20) ? ';x=1' : ''}\r\n`),
      data,
      Buffer.from(random.chance(90) ? '\r\n' : ''),
    );
  }
  if (random.chance(60)) parts.push(Buffer.from('0\r\n\r\n'));
  return Buffer.concat(parts);
}
