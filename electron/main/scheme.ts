import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { protocol, type Session } from 'electron';

export const origin = 'evenkeel://app';

const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Must run before the application is ready. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'evenkeel', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built window under `evenkeel://app`; nothing else has an answer. */
export function serveWindow(session: Session, folder: string): void {
  session.protocol.handle('evenkeel', (request) => answerFrom(folder, request));
}

/** The answer to one request for a file of the built window: the file with its rules, or 404. */
export async function answerFrom(folder: string, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const path = url.pathname === '/' ? '/index.html' : url.pathname;
  const file = normalize(join(folder, path));
  const type = types[extname(file)];
  const inside = file.startsWith(normalize(folder) + sep) && /^\/[A-Za-z0-9_./-]+$/.test(path);
  if (request.method !== 'GET' || url.host !== 'app' || !inside || type === undefined) return refuse(404);
  try {
    const body = await readFile(file);
    return new Response(new Uint8Array(body), {
      headers: {
        'Content-Type': type,
        'Content-Security-Policy': contentSecurityPolicy,
        'X-Content-Type-Options': 'nosniff',
        'Cross-Origin-Opener-Policy': 'same-origin',
      },
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && isAbsent(error.code)) return refuse(404);
    throw error;
  }
}

function isAbsent(code: unknown): boolean {
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR';
}

function refuse(status: number): Response {
  return new Response(null, { status });
}
