import type { ApplyOptions } from './apply-operation';
import { dueAt, nextDue } from './dead-man';
import { fire, type WindowsMachine } from './machine';

export interface TaskSchedulerParts {
  readonly read: () => WindowsMachine;
  readonly write: (next: WindowsMachine) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly options: () => ApplyOptions;
  /** Waits practice seconds; rejects when the power goes. */
  readonly wait: (seconds: number) => Promise<void>;
}

/** How long a task waits for the script that is at work: as long as the restore script. */
const patienceSeconds = 600;
/** A timer's longest time is 24.8 days. */
const longestMs = 2_000_000_000;

/** The scheduled tasks of a practice Windows server: fires the dead-men that are due, at their time and at power on. */
export class TaskScheduler {
  private timer: NodeJS.Timeout | null = null;
  private readonly atWork = new Set<object>();
  private leaving: (() => void)[] = [];

  constructor(private readonly parts: TaskSchedulerParts) {}

  /** A script begins its work; call the answer when it ended. */
  enter(): () => void {
    const script = {};
    this.atWork.add(script);
    return () => {
      this.atWork.delete(script);
      const resume = this.leaving;
      this.leaving = [];
      for (const go of resume) go();
    };
  }

  /** Looks anew at what is due when. */
  plan(): void {
    this.stop();
    const { deadMen } = this.parts.read();
    const now = this.parts.now();
    const next = dueAt(deadMen, now).length > 0 ? now : nextDue(deadMen);
    if (next === null) return;
    const delay = Math.min(Math.max(0, next - now), longestMs);
    this.timer = setTimeout(() => {
      // Without power nothing fires; the next start looks again.
      this.fireDue().catch(() => undefined);
    }, delay);
    this.timer.unref();
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  /** Rejects when the power goes while it waits for its turn. */
  async fireDue(): Promise<void> {
    if (dueAt(this.parts.read().deadMen, this.parts.now()).length === 0) return;
    if (this.atWork.size > 0) await Promise.race([this.parts.wait(patienceSeconds), this.nobodyAtWork()]);
    const now = this.parts.now();
    let machine = this.parts.read();
    for (const item of dueAt(machine.deadMen, now)) {
      machine = fire(machine, item, { ...this.parts.options(), now, minuteMs: 60_000 });
    }
    this.parts.write(machine);
    this.plan();
  }

  private async nobodyAtWork(): Promise<void> {
    while (this.atWork.size > 0) await new Promise<void>((resolve) => this.leaving.push(resolve));
  }
}
