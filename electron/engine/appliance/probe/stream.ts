/** Turns a producer that emits into an async generator. Ends when the producer ends; its failure ends it too. */
export async function* emitted<T>(
  produce: (emit: (item: T) => void) => Promise<void>,
  stop: () => void,
): AsyncGenerator<T> {
  const waiting: T[] = [];
  let wake: () => void = () => undefined;
  const state: { done: boolean; failure: Error | null } = { done: false, failure: null };
  const work = produce((item) => {
    waiting.push(item);
    wake();
  }).then(
    () => {
      state.done = true;
      wake();
    },
    (error: unknown) => {
      state.done = true;
      state.failure = error instanceof Error ? error : new Error(String(error));
      wake();
    },
  );
  try {
    for (;;) {
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else if (state.done) break;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
    if (state.failure !== null) throw state.failure;
  } finally {
    stop();
    await work;
  }
}
