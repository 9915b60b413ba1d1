import type { Change, LiveSource } from './live-source';

interface Sink {
  snapshot(items: Readonly<Record<string, unknown>>): void;
  change(set: Readonly<Record<string, unknown>>, remove: readonly string[]): void;
  /** The source gave something that may not leave the engine: the stream is over. */
  failed(error: unknown): void;
}

/**
 * One stream on its way to one window. After each message it waits until the window says that it is ready; what
 * changes in between is merged, key by key, so that the queue is never longer than the set itself.
 */
export class OutgoingStream {
  private readonly set = new Map<string, unknown>();
  private readonly remove = new Set<string>();
  private ready = false;
  private readonly unsubscribe: () => void;
  private over = false;

  constructor(
    private readonly source: LiveSource<unknown>,
    private readonly sink: Sink,
    private readonly check: (item: unknown) => unknown,
  ) {
    sink.snapshot(this.checked(source.snapshot()));
    this.unsubscribe = source.subscribe((change) => this.merge(change));
  }

  /** The window has taken in the last message. */
  acknowledge(): void {
    this.ready = true;
    this.flush();
  }

  close(): void {
    if (this.over) return;
    this.over = true;
    this.unsubscribe();
    this.source.dispose?.();
  }

  private merge(change: Change<unknown>): void {
    for (const [key, item] of change.set) {
      this.remove.delete(key);
      this.set.set(key, item);
    }
    for (const key of change.remove) {
      this.set.delete(key);
      this.remove.add(key);
    }
    this.flush();
  }

  private flush(): void {
    if (!this.ready || this.over || (this.set.size === 0 && this.remove.size === 0)) return;
    this.ready = false;
    const remove = [...this.remove];
    try {
      this.sink.change(this.checked(this.set), remove);
    } catch (error) {
      this.sink.failed(error);
    }
    this.set.clear();
    this.remove.clear();
  }

  private checked(items: ReadonlyMap<string, unknown>): Record<string, unknown> {
    const out: Record<string, unknown> = {};
    for (const [key, item] of items) out[key] = this.check(item);
    return out;
  }
}
