/**
 * Passes at most one value an interval on; the newest one is never lost. `flush` passes on what is held back.
 */
export class Throttle<T> {
  private held: { readonly value: T } | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly intervalMs: number,
    private readonly pass: (value: T) => void,
  ) {}

  offer(value: T): void {
    if (this.timer !== null) {
      this.held = { value };
      return;
    }
    this.pass(value);
    this.timer = setTimeout(() => this.elapsed(), this.intervalMs);
    this.timer.unref();
  }

  flush(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const { held } = this;
    this.held = null;
    if (held !== null) this.pass(held.value);
  }

  private elapsed(): void {
    this.timer = null;
    const { held } = this;
    this.held = null;
    if (held !== null) this.offer(held.value);
  }
}
