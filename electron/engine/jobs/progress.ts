import type { Progress } from '#shared/contract/jobs';

export interface ProgressMeter {
  /** The progress when `done` of the total are done. */
  at(done: number): Progress;
}

interface Sample {
  readonly time: number;
  readonly done: number;
}

const windowMs = 10_000;
const spacingMs = 250;

/**
 * Computes rate (units a second over the last ten seconds) and remaining time. `total` may be unknown; `now` gives
 * milliseconds. `startedWith`: what was there already, for example of a resumed upload; it does not count as speed.
 */
export function createProgress(
  total: number | null,
  unit: Progress['unit'],
  now: () => number,
  startedWith = 0,
): ProgressMeter {
  const samples: Sample[] = [{ time: now(), done: startedWith }];
  return {
    at: (done) => {
      const time = now();
      const newest = samples.at(-1);
      if (newest === undefined || time - newest.time >= spacingMs) samples.push({ time, done });
      while (samples.length > 2 && time - (samples[0]?.time ?? time) > windowMs) samples.shift();
      const rate = rateSince(samples[0], time, done);
      const left = total === null ? null : Math.max(0, total - done);
      return {
        done,
        total,
        unit,
        rate,
        remainingSeconds: left === 0 ? 0 : left === null || rate === null || rate === 0 ? null : left / rate,
      };
    },
  };
}

function rateSince(oldest: Sample | undefined, time: number, done: number): number | null {
  if (oldest === undefined || time <= oldest.time) return null;
  return Math.max(0, ((done - oldest.done) * 1_000) / (time - oldest.time));
}
