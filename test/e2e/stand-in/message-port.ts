import { EventEmitter } from 'node:events';

/** Where an end of a channel lives once it has been handed to a page or another process. */
export interface RemoteEnd {
  message(data: unknown): void;
  closed(): void;
}

/** One end of a channel as main sees it. Messages wait until `start`, or until it lives elsewhere. */
export class PortMain extends EventEmitter {
  private peer: PortMain | null = null;
  private remote: RemoteEnd | null = null;
  private started = false;
  private gone = false;
  private readonly waiting: unknown[] = [];

  static pair(): [PortMain, PortMain] {
    const first = new PortMain();
    const second = new PortMain();
    first.peer = second;
    second.peer = first;
    return [first, second];
  }

  postMessage(data: unknown): void {
    if (!this.gone) this.peer?.take(data);
  }

  start(): void {
    this.started = true;
    this.flush();
  }

  close(): void {
    if (this.gone) return;
    this.end();
    this.peer?.end();
  }

  /** Hands this end to a page or a process; from then on its messages go there. */
  moveTo(remote: RemoteEnd): void {
    this.remote = remote;
    this.flush();
    if (this.gone) remote.closed();
  }

  private take(data: unknown): void {
    if (this.gone) return;
    this.waiting.push(data);
    this.flush();
  }

  private flush(): void {
    if (this.remote === null && !this.started) return;
    for (const data of this.waiting.splice(0)) {
      if (this.remote === null) this.emit('message', { data, ports: [] });
      else this.remote.message(data);
    }
  }

  private end(): void {
    if (this.gone) return;
    this.gone = true;
    if (this.remote === null) this.emit('close');
    else this.remote.closed();
  }
}

export class MessageChannelMain {
  readonly port1: PortMain;
  readonly port2: PortMain;

  constructor() {
    [this.port1, this.port2] = PortMain.pair();
  }
}

/** The ends that live in one page or process, by number. All of them close when it goes. */
export class RemoteEnds {
  private nextId = 1;
  private readonly ports = new Map<number, PortMain>();

  add(port: PortMain, send: { message(id: number, data: unknown): void; closed(id: number): void }): number {
    const id = this.nextId++;
    this.ports.set(id, port);
    // The receiver must learn the number before anything arrives under it.
    setImmediate(() =>
      port.moveTo({
        message: (data) => send.message(id, data),
        closed: () => {
          if (this.ports.delete(id)) send.closed(id);
        },
      }),
    );
    return id;
  }

  message(id: number, data: unknown): void {
    this.ports.get(id)?.postMessage(data);
  }

  closed(id: number): void {
    const port = this.ports.get(id);
    this.ports.delete(id);
    port?.close();
  }

  closeAll(): void {
    for (const id of [...this.ports.keys()]) this.closed(id);
  }
}
