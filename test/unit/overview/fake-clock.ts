import type { Clock } from '#engine/overview/index';

/** Lets everything that waits for a promise go on. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

/** Time that passes when a test says so. */
export class FakeClock implements Clock {
  /** What `random` gives next. */
  next = 0.5;
  private time = 0;
  private calls: { at: number; call: () => void }[] = [];

  now(): number {
    return this.time;
  }

  random(): number {
    return this.next;
  }

  after(milliseconds: number, call: () => void): () => void {
    const entry = { at: this.time + milliseconds, call };
    this.calls.push(entry);
    return () => {
      this.calls = this.calls.filter((item) => item !== entry);
    };
  }

  get waiting(): number {
    return this.calls.length;
  }

  /** Lets time pass, call by call; at most so many of them. */
  async run(milliseconds: number, most = 1_000): Promise<void> {
    const until = this.time + milliseconds;
    await settled();
    for (let count = 0; count < most; count += 1) {
      const due = this.calls.filter((item) => item.at <= until).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.time = due.at;
      this.calls = this.calls.filter((item) => item !== due);
      due.call();
      await settled();
    }
    if (this.calls.every((item) => item.at > until)) this.time = until;
  }
}
