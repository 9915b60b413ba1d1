import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { createServer as createTcp, type Server, type Socket } from 'node:net';
import { generate } from 'selfsigned';
import { serveEcho } from '#engine/client-proof/index';
import type { ClientProbe } from '#shared/domain/direct-routing/client';

/** What practice servers serve to clients, each on a port of the loopback that opens when first asked for. */
export class Listeners {
  private readonly ports = new Map<string, Promise<number>>();
  private readonly servers: Server[] = [];
  private readonly sockets = new Set<Socket>();
  private closed = false;

  portOf(host: string, probe: ClientProbe): Promise<number> {
    const key = `${host} ${probe}`;
    const port = this.ports.get(key) ?? this.open(host, probe);
    this.ports.set(key, port);
    return port;
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.allSettled(this.ports.values());
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(this.servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }

  private async open(host: string, probe: ClientProbe): Promise<number> {
    const server = await serverFor(host, probe);
    if (this.closed) throw new Error('The practice site is closed');
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket)).on('error', () => undefined);
    });
    this.servers.push(server);
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(address !== null && typeof address === 'object' ? address.port : 0);
      });
    });
  }
}

async function serverFor(host: string, probe: ClientProbe): Promise<Server> {
  switch (probe) {
    case 'http':
      return createHttp(page(host));
    case 'https': {
      const { private: key, cert } = await generate([{ name: 'commonName', value: host }], { keyType: 'ec' });
      return createHttps({ key, cert }, page(host));
    }
    case 'dicom':
      // Any title: what a practice server is called is nobody's concern.
      return createTcp((socket) => void serveEcho(socket, () => true));
    case 'tcp':
      return createTcp((socket) => socket.resume());
  }
}

function page(host: string): RequestListener {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', server: 'practice site' });
    response.end(`Practice site: ${host}\n`);
  };
}
