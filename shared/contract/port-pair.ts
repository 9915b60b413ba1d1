import type { Port } from './messages';

class MemoryPort implements Port {
  private listener: ((message: unknown) => void) | null = null;
  private readonly closers: (() => void)[] = [];
  private readonly waiting: unknown[] = [];
  private open = true;
  other: MemoryPort | null = null;

  send(message: unknown): void {
    const other = this.other;
    if (!this.open || other === null) return;
    // A copy, as every real transport makes: nobody shares objects across the pipe.
    const copy: unknown = structuredClone(message);
    queueMicrotask(() => other.take(copy));
  }

  onMessage(listener: (message: unknown) => void): void {
    this.listener = listener;
    for (const message of this.waiting.splice(0)) listener(message);
  }

  onClose(listener: () => void): void {
    this.closers.push(listener);
  }

  close(): void {
    this.shut();
    this.other?.shut();
  }

  private take(message: unknown): void {
    if (!this.open) return;
    if (this.listener === null) this.waiting.push(message);
    else this.listener(message);
  }

  private shut(): void {
    if (!this.open) return;
    this.open = false;
    for (const closer of this.closers) closer();
  }
}

/** Two ports joined in memory: for the command line and for tests. */
export function portPair(): readonly [Port, Port] {
  const left = new MemoryPort();
  const right = new MemoryPort();
  left.other = right;
  right.other = left;
  return [left, right];
}
