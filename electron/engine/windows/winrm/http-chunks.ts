import { badHttp, type HttpLimits } from './http-head';

/** A chunked body that starts at the first byte; undefined while it is not complete. Throws `protocol`. */
export function readChunked(
  data: Buffer,
  limits: HttpLimits,
): { readonly body: Buffer; readonly end: number } | undefined {
  const parts: Buffer[] = [];
  let total = 0;
  let at = 0;
  for (;;) {
    const lineEnd = data.indexOf('\r\n', at);
    if (lineEnd < 0) {
      if (data.length - at > 256) throw badHttp('a chunk size.');
      return undefined;
    }
    const match = /^([0-9a-fA-F]{1,8})(?:\s*;.*)?$/.exec(data.subarray(at, lineEnd).toString('latin1').trim());
    if (!match) throw badHttp('a chunk size.');
    const size = parseInt(match[1] ?? '', 16);
    const start = lineEnd + 2;
    if (size === 0) return endOfChunks(data, start, parts, limits);
    total += size;
    if (total > limits.bodyBytes) throw badHttp('the body is too large.');
    if (start + size + 2 > data.length) return undefined;
    if (data.readUInt16BE(start + size) !== 0x0d0a) throw badHttp('a chunk.');
    parts.push(data.subarray(start, start + size));
    at = start + size + 2;
  }
}

/** Trailers are read over until the empty line. */
function endOfChunks(
  data: Buffer,
  start: number,
  parts: readonly Buffer[],
  limits: HttpLimits,
): { readonly body: Buffer; readonly end: number } | undefined {
  let at = start;
  for (;;) {
    const lineEnd = data.indexOf('\r\n', at);
    if (lineEnd < 0 || lineEnd - start > limits.headerBytes) {
      if (data.length - start > limits.headerBytes) throw badHttp('the trailers are too long.');
      return undefined;
    }
    if (lineEnd === at) return { body: Buffer.concat(parts), end: at + 2 };
    at = lineEnd + 2;
  }
}
