import { EvenkeelError } from '#shared/errors';
import type { Clock } from './types';

export interface PollTarget {
  readonly unitName: string;
  readonly intervalMs: number;
  readonly deadlineMs: number;
  /** One read. Throws an `EvenkeelError` when it failed. */
  readonly read: (signal: AbortSignal) => Promise<void>;
  /** Told of every failure but that of a stop. `failures`: in a row. */
  readonly failed: (error: EvenkeelError, failures: number) => Promise<void>;
  /** Limits how many units are read at once. */
  readonly gate: <T>(work: () => Promise<T>) => Promise<T>;
}

export type Outcome = EvenkeelError | null;

/** Never read more often than this. */
export const shortestIntervalMs = 5_000;
const longestBackoffMs = 120_000;
/** A refused login is not tried at the usual pace: that would lock the account. */
const refusedPauseMs = 300_000;
const refusals = new Set(['login_refused', 'account_locked']);
const finals = new Set(['host_key_changed', 'certificate_changed']);

/** Reads one unit again and again: one request in flight, jittered, with a deadline, slower while it fails. */
export class UnitPoller {
  private readonly stopped = new AbortController();
  private cancelTimer: (() => void) | null = null;
  private current: Promise<Outcome> | null = null;
  private queued: Promise<Outcome> | null = null;
  private failures = 0;

  constructor(
    private readonly target: PollTarget,
    private readonly clock: Clock,
  ) {}

  start(firstDelayMs: number): void {
    this.schedule(firstDelayMs);
  }

  /** Ends the reading under way, too. */
  stop(): void {
    this.cancelTimer?.();
    this.cancelTimer = null;
    this.stopped.abort(new EvenkeelError('aborted', { unit: this.target.unitName, step: 'read' }));
  }

  /** Reads now: a reading that began after the question, so one under way is waited for first. */
  readNow(): Promise<Outcome> {
    if (this.queued) return this.queued;
    if (!this.current) return this.run();
    this.queued = this.current.then(() => {
      this.queued = null;
      return this.run();
    });
    return this.queued;
  }

  private run(): Promise<Outcome> {
    this.cancelTimer?.();
    this.cancelTimer = null;
    const current = this.target
      .gate(() => this.once())
      .finally(() => {
        this.current = null;
      });
    this.current = current;
    return current.then((outcome) => {
      this.plan(outcome);
      return outcome;
    });
  }

  private async once(): Promise<Outcome> {
    if (this.isStopped()) return this.aborted();
    const own = new AbortController();
    const late = new EvenkeelError('connect_timeout', {
      unit: this.target.unitName,
      step: 'read',
      waitedSeconds: this.target.deadlineMs / 1_000,
    });
    const cancel = this.clock.after(this.target.deadlineMs, () => own.abort(late));
    const onStop = (): void => own.abort(this.aborted());
    this.stopped.signal.addEventListener('abort', onStop, { once: true });
    try {
      await settledOrAborted(this.target.read(own.signal), own.signal);
      this.failures = 0;
      return null;
    } catch (error) {
      if (this.isStopped()) return this.aborted();
      const known = this.shape(own.signal.aborted ? own.signal.reason : error);
      this.failures += 1;
      await this.target.failed(known, this.failures);
      return known;
    } finally {
      cancel();
      this.stopped.signal.removeEventListener('abort', onStop);
    }
  }

  private plan(outcome: Outcome): void {
    if (outcome !== null && finals.has(outcome.code)) return;
    const interval = Math.max(shortestIntervalMs, this.target.intervalMs);
    if (outcome === null) return this.schedule(this.jittered(interval));
    if (refusals.has(outcome.code)) return this.schedule(this.jittered(Math.max(interval, refusedPauseMs)));
    const slower = interval * 2 ** Math.min(10, Math.max(0, this.failures - 2));
    this.schedule(this.jittered(Math.max(interval, Math.min(slower, longestBackoffMs))));
  }

  private schedule(milliseconds: number): void {
    if (this.isStopped() || this.current || this.queued) return;
    this.cancelTimer?.();
    this.cancelTimer = this.clock.after(milliseconds, () => void this.run());
  }

  /** Plus or minus ten percent, never below the shortest interval. */
  private jittered(milliseconds: number): number {
    return Math.max(shortestIntervalMs, Math.round(milliseconds * (0.9 + 0.2 * this.clock.random())));
  }

  private shape(error: unknown): EvenkeelError {
    if (error instanceof EvenkeelError) return error.with({ unit: this.target.unitName, step: 'read' });
    return new EvenkeelError('internal', { unit: this.target.unitName, step: 'read' }, undefined, { cause: error });
  }

  private isStopped(): boolean {
    return this.stopped.signal.aborted;
  }

  private aborted(): EvenkeelError {
    return new EvenkeelError('aborted', { unit: this.target.unitName, step: 'read' });
  }
}

/** A read that does not heed its signal must not hold up the next one. */
async function settledOrAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
