import { WinrmError } from './errors';

export interface HttpLimits {
  readonly headerBytes: number;
  readonly bodyBytes: number;
}

/** Where a body ends. */
export type BodyPlan =
  { readonly kind: 'length'; readonly bytes: number } | { readonly kind: 'chunked' } | { readonly kind: 'until-close' };

/** Status line and headers. Header names are lower case; repeated headers are kept apart. */
export interface Head {
  readonly status: number;
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: BodyPlan;
  readonly closes: boolean;
}

/** The error of a reply that is not valid HTTP. */
export function badHttp(message: string): WinrmError {
  return new WinrmError('protocol', `The host did not answer with valid HTTP: ${message}`);
}

/** Reads status line and headers, without the empty line. Throws `protocol`. */
export function parseHead(text: string, limits: HttpLimits): Head {
  const [statusLine = '', ...lines] = text.split('\r\n');
  const match = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: |$)/.exec(statusLine);
  if (!match) throw badHttp('the status line.');
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) throw badHttp('a header line.');
    const name = line.slice(0, colon).trim().toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  const status = Number(match[2]);
  const connection = (headers.get('connection') ?? []).join(',').toLowerCase();
  const body = bodyPlan(status, headers, limits);
  const closes =
    connection.includes('close') ||
    body.kind === 'until-close' ||
    (match[1] === '0' && !connection.includes('keep-alive'));
  return { status, headers, body, closes };
}

function bodyPlan(status: number, headers: ReadonlyMap<string, readonly string[]>, limits: HttpLimits): BodyPlan {
  if (status < 200 || status === 204 || status === 304) return { kind: 'length', bytes: 0 };
  const transfer = headers.get('transfer-encoding');
  if (transfer) {
    if (transfer.length !== 1 || transfer[0]?.toLowerCase() !== 'chunked') throw badHttp('the transfer encoding.');
    return { kind: 'chunked' };
  }
  const lengths = new Set(headers.get('content-length'));
  if (lengths.size === 0) return { kind: 'until-close' };
  const [length = ''] = lengths;
  if (lengths.size > 1 || !/^\d{1,10}$/.test(length)) throw badHttp('the content length.');
  if (Number(length) > limits.bodyBytes) throw badHttp('the body is too large.');
  return { kind: 'length', bytes: Number(length) };
}
