import type { JobSummary, Progress } from '#shared/contract/jobs';
import type { ErrorShape } from '#shared/errors';
import type { State } from '#shared/domain/state';
import { bytes, byteRate, duration, percent } from './format';

/** How a job stands, as a mark and a word. `done`: everything promised was read again and holds. */
export type Outcome = { readonly mark: State | 'done' | 'now'; readonly word: string };

export function outcomeOf(job: JobSummary): Outcome {
  switch (job.state) {
    case 'queued':
      return { mark: 'now', word: 'queued' };
    case 'running':
      return { mark: 'now', word: 'running' };
    case 'waiting':
      return { mark: 'degraded', word: 'waits for you' };
    case 'undoing':
      return { mark: 'now', word: 'taking back what was done' };
    case 'succeeded':
      if (job.verdict === 'proved') return { mark: 'done', word: 'done and proved' };
      return { mark: 'unknown', word: job.verdict === 'pending' ? 'done, proof under way' : 'done, not proved' };
    case 'failed':
      return { mark: 'failed', word: 'failed' };
    case 'cancelled':
      return { mark: 'drained', word: 'cancelled' };
    case 'undone':
      return { mark: 'drained', word: 'undone' };
  }
}

/** `3.52 of 5.67 GiB`, `12 of 40`, `62 %`. */
export function progressWords(progress: Progress): string {
  const { done, total, unit } = progress;
  if (unit === 'percent') return percent(done / 100);
  if (unit === 'bytes') return total === null ? bytes(done) : bytesOf(done, total);
  if (unit === 'seconds')
    return total === null ? duration(done * 1000) : `${duration(done * 1000)} of ${duration(total * 1000)}`;
  return total === null ? String(done) : `${done} of ${total}`;
}

/** `3.52 of 5.67 GiB`: the unit once where it is the same. */
function bytesOf(done: number, total: number): string {
  const [value = '', unit = ''] = bytes(done).split(' ');
  const whole = bytes(total);
  return whole.endsWith(` ${unit}`) ? `${value} of ${whole}` : `${value} ${unit} of ${whole}`;
}

export function rateWords(progress: Progress): string {
  if (progress.rate === null || progress.unit !== 'bytes') return '';
  return byteRate(progress.rate);
}

export function remainingWords(progress: Progress): string {
  return progress.remainingSeconds === null ? '' : `${duration(progress.remainingSeconds * 1000)} left`;
}

/** From 0 to 1; `null` where the end is not known. */
export function fractionOf(progress: Progress | null): number | null {
  if (progress === null || progress.total === null || progress.total === 0) return null;
  return Math.min(1, progress.done / progress.total);
}

export const choiceWords = {
  resume: { verb: 'Resume', effect: 'Goes on with the step where it stopped.' },
  undo: { verb: 'Undo what was done', effect: 'Takes back the steps done so far, last one first.' },
  stop: { verb: 'Stop here', effect: 'Leaves everything as it stands now and ends the job.' },
} as const;

/** What happened and what to do, in one line. */
export function errorWords(error: Pick<ErrorShape, 'message' | 'details'> | null): string {
  if (error === null) return '';
  const advice = error.details.advice;
  return typeof advice === 'string' && advice !== '' ? `${error.message} ${advice}` : error.message;
}
