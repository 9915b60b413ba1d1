import { setMaxListeners } from 'node:events';
import { WinrmError, abortedError } from './errors';

/**
 * Calls `onAbort` when the signal aborts, at once if it has; gives back how to take that back. One signal may stand for
 * a job with hundreds of servers, so many listeners on it are no sign of a leak.
 */
export function whenAborted(signal: AbortSignal, onAbort: () => void): () => void {
  if (signal.aborted) onAbort();
  setMaxListeners(0, signal);
  signal.addEventListener('abort', onAbort, { once: true });
  return () => signal.removeEventListener('abort', onAbort);
}

/**
 * Runs `work` until it settles, `signal` aborts or `timeoutMs` have passed, whichever is first. `work` gets a signal
 * that aborts in both of the latter cases and must then release what it holds.
 */
export async function withDeadline<T>(
  limits: { readonly signal: AbortSignal; readonly timeoutMs: number; readonly what: string },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (limits.signal.aborted) throw abortedError(limits.signal);
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(abortedError(limits.signal));
  const timer = setTimeout(
    () =>
      controller.abort(
        new WinrmError('timeout', `${limits.what}: no answer within ${String(Math.ceil(limits.timeoutMs / 1000))} s.`),
      ),
    Math.min(limits.timeoutMs, 0x7fffffff),
  );
  const forget = whenAborted(limits.signal, onAbort);
  try {
    return await Promise.race([work(controller.signal), rejectOnAbort(controller.signal)]);
  } finally {
    clearTimeout(timer);
    forget();
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(abortedError(signal)), { once: true });
  });
}

/**
 * Runs `work` with a signal that aborts with `limits.signal` or after `timeoutMs`, and waits for `work` itself, so that
 * it can tell the host first. `late` is the message of the timeout.
 */
export async function withSignal<T>(
  limits: { readonly signal: AbortSignal; readonly timeoutMs: number; readonly late: string },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(abortedError(limits.signal));
  const timer = setTimeout(
    () => controller.abort(new WinrmError('timeout', limits.late)),
    Math.min(limits.timeoutMs, 0x7fffffff),
  );
  const forget = whenAborted(limits.signal, onAbort);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    forget();
  }
}

/** The items of `source` until `signal` aborts, even while `source` keeps the caller waiting. Throws the abort. */
export async function* untilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  const stopped = rejectOnAbort(signal);
  // It is looked at only while waiting for an item; an abort at another time is met by the next call to the host.
  stopped.catch(() => undefined);
  try {
    while (!signal.aborted) {
      const next = await Promise.race([iterator.next(), stopped]);
      if (next.done === true) return;
      yield next.value;
    }
    throw abortedError(signal);
  } finally {
    // A source that is still waiting for its own data cannot be waited for.
    iterator.return?.().catch(() => undefined);
  }
}
