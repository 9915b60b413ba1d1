import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { securityHeaders } from './rules';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** Serves a file of the built window; anything outside its folder or of an unknown kind is not there. */
export async function serveStatic(folder: string, path: string, response: ServerResponse): Promise<void> {
  const file = resolveInside(folder, path);
  const type = file === null ? undefined : types[extname(file)];
  const found = file !== null && type !== undefined && (await isFile(file));
  if (!found) {
    response.writeHead(404, securityHeaders).end();
    return;
  }
  response.writeHead(200, { ...securityHeaders, 'Content-Type': type });
  await pipeline(createReadStream(file), response);
}

function resolveInside(folder: string, path: string): string | null {
  const wanted = path === '/' ? '/index.html' : path;
  if (!/^\/[A-Za-z0-9_./-]+$/.test(wanted)) return null;
  const file = normalize(join(folder, wanted));
  return file.startsWith(normalize(folder) + sep) ? file : null;
}

async function isFile(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile();
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return false;
    throw error;
  }
}
