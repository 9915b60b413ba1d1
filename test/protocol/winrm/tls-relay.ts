import type net from 'node:net';
import tls from 'node:tls';

/** Opens TLS with a certificate of its own and passes everything on over a TLS connection of its own. */
export async function startTlsRelay(
  to: number,
  { key, cert }: { readonly key: string; readonly cert: string },
): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
  const sockets = new Set<net.Socket>();
  const server = tls.createServer({ key, cert }, (near) => {
    const far = tls.connect({ port: to, host: '127.0.0.1', rejectUnauthorized: false });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        near.destroy();
        far.destroy();
        sockets.delete(socket);
      });
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
