import type { WebSocket } from 'ws';
import type { Port } from '#shared/contract/messages';

/** A WebSocket as a port: one JSON text a message. A message that is no JSON ends the connection. */
export function socketPort(socket: WebSocket): Port {
  return {
    send: (message) => {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
    },
    onMessage: (listener) => {
      socket.on('message', (data: Buffer) => {
        const message = parse(data);
        if (message === undefined) socket.close(1007);
        else listener(message);
      });
    },
    onClose: (listener) => {
      socket.on('close', listener);
    },
    close: () => socket.close(),
  };
}

/** The parsed message, or `undefined` for what is no JSON. */
export function parse(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
