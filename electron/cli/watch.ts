import { isStreamName, type StreamInput, type StreamName } from '#shared/contract/index';
import { EvenkeelError } from '#shared/errors';
import type { LocalEngine } from '#engine/host/local-engine';
import { clientOf } from './call';

/** A stream as JSON lines, `{snapshot}` first and `{set, remove}` afterwards, until interrupted or at its end. */
export async function watchStream(engine: LocalEngine, name: string, input: unknown): Promise<number> {
  const client = clientOf(engine);
  try {
    if (!isStreamName(name)) throw new EvenkeelError('unknown_call', { call: name });
    await new Promise<void>((resolve, reject) => {
      const print = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
      // The engine checks the input against the contract before anything else.
      const stop = client.watch(name, input as StreamInput<StreamName>, {
        snapshot: (items) => print({ snapshot: Object.fromEntries(items) }),
        change: (set, remove) => print({ set: Object.fromEntries(set), remove }),
        ended: (error) => (error === null ? resolve() : reject(error)),
      });
      process.once('SIGINT', () => {
        stop();
        resolve();
      });
    });
    return 0;
  } finally {
    client.close();
    await engine.close();
  }
}
