import { connect, createServer, type Server, type Socket } from 'node:net';
import { pipeline, Transform, type TransformCallback } from 'node:stream';
import type { FaultBook } from './faults';

/** Where connections go. `take` hands the socket over; without it, and for faulty links, bytes are passed on to `port`. */
export interface GateTarget {
  readonly port: () => number;
  readonly take?: (socket: Socket) => void;
}

const firstPort = 21_000;
const lastPort = 31_999;

/**
 * The door of one service on loopback: keeps its port while it is closed, and makes the faults of the link (refuse,
 * delay, cut). Its port lies below the range from which systems give out ports, so that it is still free after a
 * restart of the unit.
 */
export class Gate {
  private server: Server | null = null;
  private chosenPort = 0;
  private readonly sockets = new Map<Socket, Meter>();
  private watch: NodeJS.Timeout | null = null;

  constructor(
    private readonly target: GateTarget,
    private readonly faults: FaultBook,
  ) {}

  get port(): number {
    return this.chosenPort;
  }

  async open(): Promise<void> {
    if (this.server) return;
    const server = createServer((socket) => this.accept(socket));
    server.maxConnections = 200;
    if (this.chosenPort) await listen(server, this.chosenPort);
    else this.chosenPort = await listenSomewhere(server);
    this.server = server;
    // Sockets that were handed over are not read here: their counters are looked at instead.
    this.watch = setInterval(() => this.cutHandedOver(), 2);
    this.watch.unref();
  }

  /** Refuses from now on and resets every connection. */
  async close(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (this.watch) clearInterval(this.watch);
    for (const socket of this.sockets.keys()) socket.resetAndDestroy();
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  /** Resets every connection; new ones are taken. */
  reset(): void {
    for (const socket of this.sockets.keys()) socket.resetAndDestroy();
  }

  private accept(socket: Socket): void {
    const meter = new Meter(this.faults);
    this.sockets.set(socket, meter);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setNoDelay(true);
    const delay = this.faults.find('delay')?.milliseconds ?? 0;
    if (!delay) this.forward(socket, meter);
    else {
      const timer = setTimeout(() => this.forward(socket, meter), delay);
      socket.on('close', () => clearTimeout(timer));
    }
  }

  private forward(socket: Socket, meter: Meter): void {
    if (socket.destroyed) return;
    if (this.target.take && !this.faults.find('cut')) {
      meter.handedOver = true;
      this.target.take(socket);
      return;
    }
    const inner = connect({ host: '127.0.0.1', port: this.target.port(), noDelay: true });
    const cut = (): void => {
      socket.resetAndDestroy();
      inner.destroy();
    };
    pipeline(socket, new MeteredStream(meter, cut), inner, () => inner.destroy());
    pipeline(inner, new MeteredStream(meter, cut), socket, () => socket.destroy());
  }

  private cutHandedOver(): void {
    if (!this.faults.find('cut')) return;
    for (const [socket, meter] of this.sockets) {
      if (meter.handedOver && meter.over(socket.bytesRead + socket.bytesWritten)) socket.resetAndDestroy();
    }
  }
}

/** Bytes of one connection since the cut was asked for; a connection that is older starts at that moment. */
class Meter {
  handedOver = false;
  private fault: object | null = null;
  private start = 0;
  private counted = 0;

  constructor(private readonly faults: FaultBook) {}

  /** How many of these bytes may still pass; all of them when no cut is asked for. */
  allow(bytes: number): number {
    const fault = this.faults.find('cut');
    if (fault !== this.fault) this.counted = 0;
    this.fault = fault;
    if (!fault) return bytes;
    const allowed = Math.min(bytes, Math.max(0, fault.afterBytes - this.counted));
    this.counted += bytes;
    return allowed;
  }

  over(total: number): boolean {
    const fault = this.faults.find('cut');
    if (fault !== this.fault) this.start = total;
    this.fault = fault;
    return fault !== null && total - this.start >= fault.afterBytes;
  }
}

class MeteredStream extends Transform {
  constructor(
    private readonly meter: Meter,
    private readonly cut: () => void,
  ) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const allowed = this.meter.allow(chunk.length);
    if (allowed > 0) this.push(chunk.subarray(0, allowed));
    // The allowed bytes leave first.
    if (allowed < chunk.length) setImmediate(this.cut);
    done();
  }
}

async function listenSomewhere(server: Server): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const port = firstPort + Math.floor(Math.random() * (lastPort - firstPort));
    try {
      await listen(server, port);
      return port;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    }
  }
  throw new Error('No free port for the practice site');
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
