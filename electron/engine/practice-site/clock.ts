import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Practice time: runs `speed` times faster than this computer's clock, from the moment the practice site was opened.
 * Only durations follow it; what a unit gives as its date is this computer's time, so that clocks can be compared.
 */
export class PracticeClock {
  private readonly openedAt: number;

  constructor(
    readonly speed: number,
    private readonly wallClock: () => number = Date.now,
  ) {
    this.openedAt = wallClock();
  }

  /** Practice time in milliseconds since 1970. */
  now(): number {
    return this.openedAt + (this.wallClock() - this.openedAt) * this.speed;
  }

  /** Practice seconds since the site was opened. */
  elapsed(): number {
    return (this.now() - this.openedAt) / 1000;
  }

  /** Seconds of this computer's clock since the site was opened. */
  wallElapsed(): number {
    return (this.wallClock() - this.openedAt) / 1000;
  }

  /** Waits practice seconds. Rejects with the signal's reason when it is aborted. */
  async wait(seconds: number, signal: AbortSignal): Promise<void> {
    await sleep((seconds * 1000) / this.speed, undefined, { signal });
  }
}
