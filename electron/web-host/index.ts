import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { z } from 'zod';
import type { Port } from '#shared/contract/messages';
import type { EvenkeelError } from '#shared/errors';
import { IncomingFiles } from './incoming-files';
import { bearerToken, isOwnRequest, sameToken, securityHeaders } from './rules';
import { parse, socketPort } from './socket-port';
import { serveStatic } from './static-files';

export interface WebHostOptions {
  /** The built window. */
  readonly windowFolder: string;
  /** Where files that a browser hands over lie. */
  readonly incomingFolder: string;
  /** Serves one way in; the engine's dispatcher. */
  readonly serve: (port: Port) => void;
  /** 0: any free port. */
  readonly port?: number;
  readonly report: (error: unknown, step: string) => EvenkeelError;
}

export interface WebHost {
  /** The address with the token in its fragment, which browsers never send. */
  readonly url: string;
  close(): Promise<void>;
}

const helloDeadlineMs = 5_000;
const messageLimitBytes = 8 * 1024 ** 2;
const hello = z.strictObject({ t: z.literal('hello'), token: z.string().max(200) });

/** Serves the window and the engine to a browser on this computer only. */
export async function startWebHost(options: WebHostOptions): Promise<WebHost> {
  const token = randomBytes(32).toString('base64url');
  const files = new IncomingFiles(options.incomingFolder);
  await files.clear();
  const server = createServer();
  const port = await listen(server, options.port ?? 0);
  server.on('request', (request, response) => {
    answer(request, response, { port, token, files, options }).catch((error: unknown) => {
      const shape = options.report(error, 'web host').toShape();
      if (!response.headersSent) response.writeHead(400, { ...securityHeaders, 'Content-Type': 'application/json' });
      response.end(JSON.stringify(shape));
    });
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: messageLimitBytes });
  server.on('upgrade', (request, socket, head) => {
    // Node gives the socket away without a listener: a peer that cuts the line must not end this process.
    socket.on('error', () => socket.destroy());
    if (request.url !== '/ws' || request.headers.origin === undefined || !isOwnRequest(request, port)) {
      // Not left half open: it would keep the host from closing.
      socket.once('finish', () => socket.destroy());
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => welcome(webSocket, token, options.serve));
  });
  return {
    url: `http://127.0.0.1:${port}/#token=${token}`,
    close: async () => {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await files.clear();
    },
  };
}

interface Surroundings {
  readonly port: number;
  readonly token: string;
  readonly files: IncomingFiles;
  readonly options: WebHostOptions;
}

async function answer(request: IncomingMessage, response: ServerResponse, around: Surroundings): Promise<void> {
  if (!isOwnRequest(request, around.port)) {
    response.writeHead(403, securityHeaders).end();
    return;
  }
  const base = 'http://127.0.0.1';
  const address = request.url ?? '/';
  if (!URL.canParse(address, base)) {
    response.writeHead(404, securityHeaders).end();
    return;
  }
  const url = new URL(address, base);
  if (request.method === 'GET') return serveStatic(around.options.windowFolder, url.pathname, response);
  if (request.method === 'PUT' && url.pathname.startsWith('/files/')) {
    if (!sameToken(bearerToken(request) ?? '', around.token)) {
      response.writeHead(401, securityHeaders).end();
      return;
    }
    const path = await around.files.take(decodeURIComponent(url.pathname.slice('/files/'.length)), request);
    response.writeHead(200, { ...securityHeaders, 'Content-Type': 'application/json' }).end(JSON.stringify({ path }));
    return;
  }
  response.writeHead(405, securityHeaders).end();
}

/** The first message must carry the token; until then nothing is served. */
function welcome(socket: WebSocket, token: string, serve: (port: Port) => void): void {
  // A frame against the rules ends this socket only; `close` follows and ends what it was served.
  socket.on('error', () => socket.terminate());
  const timer = setTimeout(() => socket.close(4401, 'no token'), helloDeadlineMs);
  socket.once('message', (data: Buffer) => {
    clearTimeout(timer);
    const greeting = hello.safeParse(parse(data));
    if (!greeting.success || !sameToken(greeting.data.token, token)) return socket.close(4401, 'wrong token');
    socket.send(JSON.stringify({ t: 'welcome' }));
    serve(socketPort(socket));
  });
  socket.once('close', () => clearTimeout(timer));
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
