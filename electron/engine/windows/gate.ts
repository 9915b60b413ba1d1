import pLimit from 'p-limit';
import { EvenkeelError, type ErrorDetails } from '#shared/errors';

/** Lets only so many Windows servers be worked on at a time, whoever asks. */
export interface ServerGate {
  /** Throws `aborted` when it was given up while it waited. */
  run<T>(signal: AbortSignal, where: ErrorDetails, work: () => Promise<T>): Promise<T>;
}

/** 8 is far below what a server or a domain controller minds. */
export function createServerGate(width = 8): ServerGate {
  const limit = pLimit(width);
  return {
    run: (signal, where, work) =>
      limit(() => {
        if (signal.aborted) throw new EvenkeelError('aborted', where);
        return work();
      }),
  };
}
