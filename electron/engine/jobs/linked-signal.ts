export interface LinkedSignal {
  readonly signal: AbortSignal;
  /** Ends the deadline and lets go of the other signals. */
  readonly release: () => void;
}

/**
 * A signal that aborts with the first of the others, or after the deadline. Unlike `AbortSignal.any` and `.timeout` it
 * can be let go of: the engine's own signal lives as long as the engine, and a deadline may be hours away.
 */
export function linkSignals(deadlineMs: number, ...others: readonly AbortSignal[]): LinkedSignal {
  const controller = new AbortController();
  const listeners = others.map((other) => ({ other, abort: () => controller.abort(other.reason) }));
  for (const { other, abort } of listeners) {
    if (other.aborted) controller.abort(other.reason);
    else other.addEventListener('abort', abort, { once: true });
  }
  const timer = setTimeout(
    () => controller.abort(new DOMException('The deadline passed.', 'TimeoutError')),
    deadlineMs,
  );
  timer.unref();
  return {
    signal: controller.signal,
    release: () => {
      clearTimeout(timer);
      for (const { other, abort } of listeners) other.removeEventListener('abort', abort);
    },
  };
}
