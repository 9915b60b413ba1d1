import { createServer, type Server, type Socket } from 'node:net';

/** Where a session's output goes. */
export interface RelaySession {
  readonly command: string;
  readonly stdin: AsyncIterable<Buffer>;
  out(chunk: Buffer | string): Promise<void>;
  err(chunk: Buffer | string): Promise<void>;
  readonly signal: AbortSignal;
}

/** Runs a session and gives its exit status. */
export type RunSession = (session: RelaySession) => Promise<number>;

/** Takes the sessions that the relay below OpenSSH's server hands over, at a socket in the file system. */
export async function listenForRelay(path: string, runSession: RunSession): Promise<() => Promise<void>> {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    serve(socket, runSession).catch((error: unknown) => socket.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  return async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
}

async function serve(socket: Socket, runSession: RunSession): Promise<void> {
  const gone = new AbortController();
  socket.on('close', () => gone.abort());
  const send = async (type: number, chunk: Buffer | string): Promise<void> => {
    const bytes = Buffer.from(chunk);
    const head = Buffer.alloc(5);
    head[0] = type;
    head.writeUInt32BE(bytes.length, 1);
    if (socket.destroyed || socket.write(Buffer.concat([head, bytes]))) return;
    await new Promise<void>((resolve) => {
      socket.once('drain', resolve);
      socket.once('close', resolve);
    });
  };
  const command = await commandOf(socket);
  const status = await runSession({
    command,
    stdin: socket,
    out: (chunk) => send(1, chunk),
    err: (chunk) => send(2, chunk),
    signal: gone.signal,
  });
  await send(3, String(status));
  socket.end();
}

/** What the relay says first: the length of the command line in bytes, a line break, the command line. */
function commandOf(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let pending = Buffer.alloc(0);
    const take = (chunk: Buffer): void => {
      pending = Buffer.concat([pending, chunk]);
      const start = pending.indexOf('\n') + 1;
      const end = start + Number(pending.subarray(0, start).toString());
      if (start === 0 || pending.length < end) return;
      socket.off('data', take);
      socket.pause();
      if (pending.length > end) socket.unshift(pending.subarray(end));
      resolve(pending.subarray(start, end).toString('utf8'));
    };
    socket.on('data', take);
    socket.once('close', () => reject(new Error('The relay left before it said what to run.')));
  });
}
