import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { tell } from './control';
import { RemoteEnds, type PortMain } from './message-port';
import type { FromChild, ToChild } from './process-messages';

/** A forked Node process whose `process.parentPort` is laid over the fork's own channel. */
class UtilityProcess extends EventEmitter {
  private readonly ends = new RemoteEnds();

  constructor(private readonly child: ChildProcess) {
    super();
    child.on('message', (message: FromChild) => this.take(message));
    child.on('exit', (code) => {
      this.ends.closeAll();
      // Electron names a signal's number as the status; which one is of no use here.
      this.emit('exit', code ?? 1);
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  postMessage(data: unknown, ports: readonly PortMain[] = []): void {
    const ids = ports.map((port) =>
      this.ends.add(port, {
        message: (id, sent) => this.send({ t: 'port', id, data: sent }),
        closed: (id) => this.send({ t: 'port-closed', id }),
      }),
    );
    this.send({ t: 'message', data, ports: ids });
  }

  kill(): boolean {
    return this.child.kill();
  }

  private send(message: ToChild): void {
    // A process that just ended has no channel; its `exit` is on the way.
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  private take(message: FromChild): void {
    switch (message.t) {
      case 'message':
        return void this.emit('message', message.data);
      case 'port':
        return this.ends.message(message.id, message.data);
      case 'port-closed':
        return this.ends.closed(message.id);
    }
  }
}

export const utilityProcess = {
  fork(file: string, args: readonly string[] = []): UtilityProcess {
    const child = fork(file, args, {
      execArgv: ['--require', 'tsx/cjs', '--require', join(__dirname, 'parent-port.ts')],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    if (child.pid !== undefined) tell({ t: 'engine', pid: child.pid });
    return new UtilityProcess(child);
  },
};
