import { setMaxListeners } from 'node:events';
import pLimit from 'p-limit';
import { EvenkeelError, type ErrorDetails } from '#shared/errors';

/** Lets only so many Windows servers be worked on at a time, whoever asks. */
export interface ServerGate {
  /** Throws `aborted` when it was given up while it waited, `overloaded` when too many wait. */
  run<T>(signal: AbortSignal, where: ErrorDetails, work: () => Promise<T>): Promise<T>;
}

const longestQueue = 1_000;

/** 8 is far below what a server or a domain controller minds. */
export function createServerGate(width = 8, queue = longestQueue): ServerGate {
  const limit = pLimit(width);
  return {
    run: async (signal, where, work) => {
      if (signal.aborted) throw new EvenkeelError('aborted', where);
      if (limit.pendingCount >= queue) throw new EvenkeelError('overloaded', where);
      let giveUp = (): void => undefined;
      const given = new Promise<never>((_resolve, reject) => {
        giveUp = () => reject(new EvenkeelError('aborted', where));
      });
      // One signal may stand for a job with hundreds of servers: many listeners on it are no sign of a leak.
      setMaxListeners(0, signal);
      signal.addEventListener('abort', giveUp, { once: true });
      const turn = limit(() => {
        if (signal.aborted) throw new EvenkeelError('aborted', where);
        // From here on the work itself heeds the signal: its place is free only when it has ended.
        signal.removeEventListener('abort', giveUp);
        return work();
      });
      try {
        return await Promise.race([turn, given]);
      } finally {
        signal.removeEventListener('abort', giveUp);
      }
    },
  };
}
