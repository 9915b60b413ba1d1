import net from 'node:net';

/** What becomes of the nth request (or reply) of a connection, counted from 0: nothing, another, or several. */
export type Change = (message: Buffer, n: number) => readonly Buffer[];

export interface MessageRelay {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Cuts a stream into HTTP messages by their Content-Length. */
class Messages {
  #data: Buffer = Buffer.alloc(0);

  *push(data: Buffer): Generator<Buffer> {
    this.#data = Buffer.concat([this.#data, data]);
    for (;;) {
      const head = this.#data.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = /^content-length: (\d+)\r$/im.exec(this.#data.subarray(0, head + 2).toString('latin1'))?.[1];
      const end = head + 4 + Number(length ?? 0);
      if (this.#data.length < end) return;
      yield this.#data.subarray(0, end);
      this.#data = this.#data.subarray(end);
    }
  }
}

/** Stands between client and host on plain HTTP and may spoil, repeat or leave out whole messages. */
export async function messageRelay(
  to: number,
  change: { readonly request?: Change; readonly reply?: Change },
): Promise<MessageRelay> {
  const sockets = new Set<net.Socket>();
  const pass = (from: net.Socket, into: net.Socket, alter: Change): void => {
    const messages = new Messages();
    let n = 0;
    sockets.add(from);
    from.on('data', (data: Buffer) => {
      for (const message of messages.push(data)) for (const one of alter(message, n++)) into.write(one);
    });
    from.on('error', () => from.destroy());
    from.on('close', () => {
      sockets.delete(from);
      into.destroy();
    });
  };
  const server = net.createServer((near) => {
    const far = net.connect(to, '127.0.0.1');
    pass(near, far, change.request ?? ((message) => [message]));
    pass(far, near, change.reply ?? ((message) => [message]));
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

/** The same message with one bit changed, `fromEnd` bytes before its end or at a place after a text in it. */
export function spoil(message: Buffer, place: { readonly after: string; readonly skip: number }): Buffer {
  const at = message.lastIndexOf(place.after);
  if (at < 0) throw new Error(`The message has no ${place.after}.`);
  const spoiled = Buffer.from(message);
  const index = at + place.after.length + place.skip;
  spoiled[index] = (spoiled[index] ?? 0) ^ 1;
  return spoiled;
}
