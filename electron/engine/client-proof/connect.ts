import { connect, type Socket } from 'node:net';
import type { ClientOutcome } from '#shared/domain/direct-routing/client';
import { outcomeOfError } from './outcomes';
import type { Dial } from './types';

export type Opened =
  | { readonly open: true; readonly socket: Socket; readonly ms: number }
  | { readonly open: false; readonly outcome: ClientOutcome; readonly detail: string | null };

/** On the network of this computer. */
export const dialNetwork: Dial = (host, port) => connect({ host, port });

/**
 * A connection, or why there is none, within the time given: a host that is not there otherwise takes half a minute.
 * Never throws for what the peer does; rejects with the signal's reason when that is aborted.
 */
export function open(
  dial: Dial,
  address: string,
  port: number,
  connectMs: number,
  signal: AbortSignal,
): Promise<Opened> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const socket = dial(address, port);
    const timer = setTimeout(() => end({ open: false, outcome: 'timeout', detail: lost(connectMs) }), connectMs);
    const stop = (): void => {
      release();
      socket?.destroy();
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    const connected = (): void => {
      if (socket !== null) end({ open: true, socket, ms: performance.now() - started });
    };
    const broke = (error: Error): void => end({ open: false, outcome: outcomeOfError(error), detail: null });
    function release(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      socket?.off('connect', connected).off('error', broke);
      // A late error of a socket that is given up must not end the process.
      socket?.on('error', () => undefined);
    }
    function end(result: Opened): void {
      release();
      if (!result.open) socket?.destroy();
      resolve(result);
    }
    signal.addEventListener('abort', stop, { once: true });
    socket?.on('connect', connected).on('error', broke);
    if (signal.aborted) stop();
  });
}

function lost(connectMs: number): string {
  return `No answer to the connection within ${connectMs / 1_000} s.`;
}
