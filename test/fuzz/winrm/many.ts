import { setImmediate as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fuzzCase } from './case';

export interface FuzzReport {
  readonly seed: number;
  readonly cases: number;
  readonly failures: readonly { readonly index: number; readonly error: unknown }[];
  /** Bytes after a collection: after a fifth of the cases, and at the end. */
  readonly heapEarly: number;
  readonly heapLate: number;
}

const AT_A_TIME = 16;
const MOST_FAILURES = 5;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function held(): number {
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Runs cases `from` to `from + cases` of a seed; a few at a time, because some of them wait. */
export async function fuzzMany(
  seed: number,
  cases: number,
  options: { readonly from?: number; readonly onCase?: (index: number) => void } = {},
): Promise<FuzzReport> {
  const failures: { index: number; error: unknown }[] = [];
  const running = new Set<number>();
  const stray = (error: unknown): void => {
    // It belongs to one of those that run now.
    failures.push({ index: Math.min(...running), error });
  };
  process.on('unhandledRejection', stray);
  process.on('uncaughtException', stray);
  const from = options.from ?? 0;
  let next = from;
  const lane = async (until: number): Promise<void> => {
    while (next < until && failures.length < MOST_FAILURES) {
      const index = next++;
      running.add(index);
      options.onCase?.(index);
      try {
        await fuzzCase(seed, index);
      } catch (error) {
        failures.push({ index, error });
      } finally {
        running.delete(index);
        // Everything in a case happens in memory, so without a pause no timer of another would ever get its turn.
        await pause();
      }
    }
  };
  const lanes = (until: number): Promise<unknown> => Promise.all(Array.from({ length: AT_A_TIME }, () => lane(until)));
  try {
    await lanes(from + Math.ceil(cases / 5));
    const heapEarly = held();
    await lanes(from + cases);
    return { seed, cases: next - from, failures, heapEarly, heapLate: held() };
  } finally {
    process.off('unhandledRejection', stray);
    process.off('uncaughtException', stray);
  }
}
