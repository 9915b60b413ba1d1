import { EvenkeelError, type ErrorCode } from '#shared/errors';

/** Which unit and which step a failure belongs to. */
export interface Where {
  readonly unit: string;
  readonly step: string;
}

/**
 * Runs `work` with a signal that fires after `milliseconds` or with `outer`, whichever is first. The promise settles
 * then even if `work` does not heed its signal: with `aborted` for the outer signal, otherwise with `late`.
 */
export async function withDeadline<T>(
  outer: AbortSignal,
  milliseconds: number,
  where: Where,
  work: (signal: AbortSignal) => Promise<T>,
  late: ErrorCode = 'connect_timeout',
): Promise<T> {
  if (outer.aborted) throw new EvenkeelError('aborted', { ...where });
  const controller = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      outer.removeEventListener('abort', onAbort);
      settle();
    };
    const stop = (error: EvenkeelError): void => {
      finish(() => reject(error));
      controller.abort(error);
    };
    const onAbort = (): void => stop(new EvenkeelError('aborted', { ...where }));
    const timer = setTimeout(
      () => stop(new EvenkeelError(late, { ...where, waitedSeconds: Math.round(milliseconds / 100) / 10 })),
      milliseconds,
    );
    outer.addEventListener('abort', onAbort, { once: true });
    work(controller.signal).then(
      (value) => finish(() => resolve(value)),
      (error: unknown) => finish(() => reject(error instanceof Error ? error : new Error(String(error)))),
    );
  });
}

/** Settles like `promise`, or rejects with the signal's reason as soon as it fires; `undo` then runs once. */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal, undo?: () => void): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => {
      undo?.();
      reject(signal.reason instanceof Error ? signal.reason : new EvenkeelError('aborted'));
    };
    if (signal.aborted) {
      promise.catch(() => undefined); // its failure is replaced by the abort
      return onAbort();
    }
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(
      (value) => {
        signal.removeEventListener('abort', onAbort);
        resolve(value);
      },
      (error: unknown) => {
        signal.removeEventListener('abort', onAbort);
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
