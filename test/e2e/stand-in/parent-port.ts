import { EventEmitter } from 'node:events';
import { PortMain } from './message-port';
import type { FromChild, ToChild } from './process-messages';

// Loaded with `node --require` in a forked process: gives it Electron's `process.parentPort`.

const bridges = new Map<number, PortMain>();
const send = (message: FromChild): void => {
  if (process.connected) process.send?.(message);
};
const parentPort = Object.assign(new EventEmitter(), {
  postMessage: (data: unknown) => send({ t: 'message', data }),
});

/** The process's own end of a channel whose other end lives with the parent, under the parent's number. */
function portOf(id: number): PortMain {
  const [own, bridge] = PortMain.pair();
  bridges.set(id, bridge);
  bridge.moveTo({
    message: (data) => send({ t: 'port', id, data }),
    closed: () => {
      if (bridges.delete(id)) send({ t: 'port-closed', id });
    },
  });
  return own;
}

// As in Electron, messages wait until somebody listens for the first time.
const waiting: ToChild[] = [];
parentPort.on('newListener', (name: string) => {
  if (name !== 'message') return;
  setImmediate(() => {
    for (const message of waiting.splice(0)) take(message);
  });
});
process.on('message', (message: ToChild) => {
  if (parentPort.listenerCount('message') === 0 || waiting.length > 0) waiting.push(message);
  else take(message);
});

function take(message: ToChild): void {
  switch (message.t) {
    case 'message':
      return void parentPort.emit('message', { data: message.data, ports: message.ports.map(portOf) });
    case 'port':
      return bridges.get(message.id)?.postMessage(message.data);
    case 'port-closed':
      return bridges.get(message.id)?.close();
  }
}
Object.assign(process, { parentPort });
