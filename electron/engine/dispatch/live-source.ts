/** A difference of a keyed set. A key is in at most one of the two. */
export interface Change<T> {
  readonly set: ReadonlyMap<string, T>;
  readonly remove: readonly string[];
}

/** What a stream handler gives back: the set as it is now, and what changes from then on. */
export interface LiveSource<T> {
  snapshot(): ReadonlyMap<string, T>;
  /** Gives back how to stop listening. The listener is called after `snapshot`, never during it. */
  subscribe(listener: (change: Change<T>) => void): () => void;
  /** Called once when the stream that uses this source is over, for sources made for one stream only. */
  dispose?(): void;
}

/** A keyed set that tells its listeners what changed. Setting an equal value (by JSON) tells nobody. */
export class LiveMap<T> implements LiveSource<T> {
  private readonly items = new Map<string, T>();
  private readonly texts = new Map<string, string>();
  private readonly listeners = new Set<(change: Change<T>) => void>();

  get(key: string): T | undefined {
    return this.items.get(key);
  }

  get size(): number {
    return this.items.size;
  }

  values(): IterableIterator<T> {
    return this.items.values();
  }

  snapshot(): ReadonlyMap<string, T> {
    return new Map(this.items);
  }

  subscribe(listener: (change: Change<T>) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  set(key: string, value: T): void {
    this.apply(new Map([[key, value]]), []);
  }

  remove(key: string): void {
    this.apply(new Map(), [key]);
  }

  /** Makes the set equal to `next` and tells the difference, in one change. */
  replace(next: ReadonlyMap<string, T>): void {
    this.apply(
      next,
      [...this.items.keys()].filter((key) => !next.has(key)),
    );
  }

  /** Sets and removes in one change. */
  apply(set: ReadonlyMap<string, T>, remove: readonly string[]): void {
    const changed = new Map<string, T>();
    for (const [key, value] of set) {
      const text = JSON.stringify(value);
      if (this.texts.get(key) === text) continue;
      this.texts.set(key, text);
      this.items.set(key, value);
      changed.set(key, value);
    }
    const gone = remove.filter((key) => !set.has(key) && this.items.delete(key));
    for (const key of gone) this.texts.delete(key);
    if (changed.size === 0 && gone.length === 0) return;
    for (const listener of [...this.listeners]) listener({ set: changed, remove: gone });
  }
}
