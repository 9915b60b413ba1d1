const hidden = '[removed]';
const longest = 8_000;
const deepest = 6;
const widest = 200;

const secretKey =
  /pass(word|phrase|wd|code)?$|^pwd$|secret|token$|authori[sz]ation|private_?key|api_?key|^cookie$|credential|sealed/i;

// Every repetition that can begin anywhere is bounded, so that a long text costs linear time.
const rules: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----[\s\S]*?(-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|$)/g, hidden],
  [
    /(authori[sz]ation["']?\s{0,9}[:=]\s{0,9}["']?(?:(?:Basic|Bearer|Negotiate|NTLM|Kerberos) )?)[^\s"']+/gi,
    `$1${hidden}`,
  ],
  // Elsewhere a word in small letters after the scheme is a word: “basic authentication”.
  [
    /\b([Bb]asic|[Bb]earer|[Nn]egotiate|NTLM|[Kk]erberos)[ \t]{1,9}(?=[a-z+/._~-]{0,400}[A-Z0-9=])[A-Za-z0-9+/=._~-]{8,}/g,
    `$1 ${hidden}`,
  ],
  [/\b([a-z][a-z0-9+-]{0,20}:\/\/[^\s/:@]{1,200}):[^\s/@]+@/gi, `$1:${hidden}@`],
  [/<([\w:]{0,40}(?:passw(?:or)?d|passphrase|secret|token|apikey)\w{0,40}\b[^>]{0,400})>[^<]*</gi, `<$1>${hidden}<`],
  [
    /((?:passw(?:or)?d|passphrase|secret|api[_-]?key|private[_-]?key|token)["']?\s{0,9}[=:]\s{0,9})("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s,;&<>"']+)/gi,
    `$1${hidden}`,
  ],
  [/(--?(?:password|passwd|passphrase|secret|token|api-?key)\s{1,9})("[^"]*"|'[^']*'|[^\s-]\S*)/gi, `$1${hidden}`],
];

/**
 * The one place that takes secrets out of text on its way to the log, the journal and records: private keys,
 * credentials in headers and addresses, and values named password, passphrase, secret, token or key in `name=value`,
 * JSON, XML and command-line form. A net below, not a permission: secrets are not to be written in the first place.
 */
export function redactText(text: string): string {
  let clean = text.slice(0, longest);
  for (const [pattern, replacement] of rules) clean = clean.replace(pattern, replacement);
  return text.length > longest ? `${clean} … (${text.length} characters)` : clean;
}

/** The same for values: by the name of the key as well. Errors become name, code, message and stack. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return typeof value === 'function' ? '[function]' : value;
  if (depth >= deepest) return '…';
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Error) return redactError(value, depth);
  if (Array.isArray(value)) return value.slice(0, widest).map((item) => redact(item, depth + 1));
  const entries = Object.entries(value).slice(0, widest);
  return Object.fromEntries(entries.map(([key, item]) => [key, redactEntry(key, item, depth)]));
}

function redactEntry(key: string, value: unknown, depth: number): unknown {
  const says = value !== null && value !== undefined && value !== '' && typeof value !== 'boolean';
  return says && secretKey.test(key) ? hidden : redact(value, depth + 1);
}

function redactError(error: Error, depth: number): unknown {
  const own = Object.fromEntries(Object.entries(error).filter(([key]) => key !== 'cause'));
  const rest = redact(own, depth + 1) as Record<string, unknown>;
  const cause = error.cause === undefined ? {} : { cause: redact(error.cause, depth + 1) };
  return {
    ...rest,
    name: error.name,
    message: redactText(error.message),
    stack: redactText(error.stack ?? ''),
    ...cause,
  };
}
