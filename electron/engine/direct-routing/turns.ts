import { EvenkeelError } from '#shared/errors';

/**
 * One after the other for each key. Whoever takes a server out of a pair reads, decides and sends within its turn, so
 * that two lanes can never both see the other's server in service and take the last two.
 */
export class Turns {
  private readonly last = new Map<string, Promise<void>>();

  async run<T>(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(key) ?? Promise.resolve();
    let leave = (): void => undefined;
    const mine = new Promise<void>((resolve) => (leave = resolve));
    const last = before.then(() => mine);
    this.last.set(key, last);
    try {
      await before;
      if (signal.aborted) throw new EvenkeelError('aborted');
      return await work();
    } finally {
      leave();
      if (this.last.get(key) === last) this.last.delete(key);
    }
  }
}
