import type { Port } from '#shared/contract/messages';

/** One end of the channel between a process and its child. */
interface Channel {
  readonly connected: boolean;
  send?(message: unknown): unknown;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'disconnect', listener: () => void): unknown;
  disconnect?(): void;
}

/** The channel to a child process, or to the parent, as a way in to the engine. */
export function processPort(channel: Channel): Port {
  return {
    send: (message) => {
      if (channel.connected) channel.send?.(message);
    },
    onMessage: (listener) => {
      channel.on('message', listener);
    },
    onClose: (listener) => {
      channel.on('disconnect', listener);
    },
    close: () => {
      if (channel.connected) channel.disconnect?.();
    },
  };
}
