import type { Progress } from '#shared/contract/jobs';

interface Mark {
  readonly at: number;
  readonly done: number;
}

const windowMs = 5_000;
const intervalMs = 250;

/** Makes progress with rate and remaining time from counts of bytes, and holds back all but four a second. */
export class RateMeter {
  private marks: Mark[] = [];
  private told = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly now: () => number,
    private readonly tell: (progress: Progress) => void,
  ) {}

  /** `done` and `total` in bytes. The last one is always told. */
  update(done: number, total: number): void {
    const at = this.now();
    if (at - this.told < intervalMs && done < total) return;
    this.told = at;
    this.marks = [...this.marks.filter((mark) => at - mark.at <= windowMs), { at, done }];
    const rate = this.rate();
    const remaining = rate !== null && rate > 0 ? (total - done) / rate : null;
    this.tell({ done, total, unit: 'bytes', rate, remainingSeconds: remaining });
  }

  private rate(): number | null {
    const first = this.marks[0];
    const last = this.marks.at(-1);
    if (!first || !last || last.at <= first.at) return null;
    return Math.max(0, (last.done - first.done) / ((last.at - first.at) / 1000));
  }
}
