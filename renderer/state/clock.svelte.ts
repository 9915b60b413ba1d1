/** The time of day as something that changes: ages and freshness follow it. */
export class Clock {
  now = $state(Date.now());
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(everyMs = 1_000) {
    this.timer = setInterval(() => {
      this.now = Date.now();
    }, everyMs);
  }

  close(): void {
    clearInterval(this.timer);
  }
}
