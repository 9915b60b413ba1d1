import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { WinrmFaults } from './types';

/** Bytes of reply bodies sent on each connection, for the fault that cuts it. */
export class ReplyWriter {
  readonly #faults: WinrmFaults;
  readonly #sent = new WeakMap<Socket, number>();

  constructor(faults: WinrmFaults) {
    this.#faults = faults;
  }

  /** Sends one reply, or as much of it as the faults let through. */
  async send(
    response: ServerResponse,
    status: number,
    headers: Readonly<Record<string, string | string[]>>,
    body: Buffer,
  ): Promise<void> {
    const { delayMs, cutAtByte } = this.#faults;
    if (delayMs) await new Promise((resolve) => setTimeout(resolve, delayMs));
    // Node gives a response its socket only when the one before it has left: a quick client asks again earlier than that.
    const { socket } = response.req;
    if (socket.destroyed) return;
    const before = this.#sent.get(socket) ?? 0;
    this.#sent.set(socket, before + body.length);
    response.writeHead(status, { ...headers, 'Content-Length': String(body.length), Server: 'Microsoft-HTTPAPI/2.0' });
    if (cutAtByte !== undefined && before + body.length > cutAtByte) {
      response.write(body.subarray(0, Math.max(0, cutAtByte - before)), () => socket.destroy());
      return;
    }
    response.end(body);
  }
}
