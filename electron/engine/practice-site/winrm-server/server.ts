import { X509Certificate } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import type net from 'node:net';
import { WinrmFront } from './front';
import { WsmanOperations } from './operations';
import { ReplyWriter } from './reply';
import { ShellStore } from './shell-store';
import type { WinrmFaults, WinrmServer, WinrmServerOptions } from './types';

const IDLE_SHELL_MS = 180_000;
const MAX_CONNECTIONS = 256;
// http.sys keeps idle connections for two minutes.
const KEEP_ALIVE_MS = 120_000;

function listen(server: net.Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      const address = server.address();
      if (address !== null && typeof address === 'object') resolve(address.port);
      else reject(new Error('The practice server has no port.'));
    });
  });
}

function prepare(server: http.Server, front: WinrmFront, faults: WinrmFaults, open: Set<net.Socket>): void {
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.maxConnections = MAX_CONNECTIONS;
  server.on('connection', (socket: net.Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    if (faults.refuse) socket.resetAndDestroy();
  });
  server.on('request', (request: http.IncomingMessage, response: http.ServerResponse) => {
    // A client that leaves in the middle of its request ends the handler; its connection is gone already.
    const { socket } = request;
    front.handle(request, response).catch(() => socket.destroy());
  });
}

function close(server: http.Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Starts the WinRM service of a practice Windows host. Throws when a port is taken. */
export async function startWinrmServer(options: WinrmServerOptions): Promise<WinrmServer> {
  const faults = options.faults ?? {};
  const shells = new ShellStore(options.idleShellMs ?? IDLE_SHELL_MS);
  const operations = new WsmanOperations(options, shells);
  const replies = new ReplyWriter(faults);
  const servers: http.Server[] = [];
  const open = new Set<net.Socket>();
  const start = async (server: http.Server, port: number, certificate: Buffer | undefined): Promise<number> => {
    prepare(server, new WinrmFront(options, operations, replies, certificate), faults, open);
    servers.push(server);
    return listen(server, options.host, port);
  };
  const closeAll = async (): Promise<void> => {
    shells.closeAll();
    await Promise.all(servers.map(close));
  };
  try {
    const { http: plain, https: secure } = options;
    const httpPort = plain && (await start(http.createServer(), plain.port, undefined));
    const httpsPort =
      secure &&
      (await start(
        https.createServer({ key: secure.key, cert: secure.cert }),
        secure.port,
        new X509Certificate(secure.cert).raw,
      ));
    return { httpPort, httpsPort, openShells: () => shells.size, connections: () => open.size, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
