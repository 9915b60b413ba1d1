import { EvenkeelError } from '#shared/errors';

const limit = 5_000;

/** Lets one piece of work run after the other, so that two changes never see each other half done. */
export class Turns {
  private tail: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  run<T>(work: () => Promise<T>): Promise<T> {
    if (this.waiting >= limit) return Promise.reject(new EvenkeelError('overloaded', { step: 'inventory' }));
    this.waiting += 1;
    const result = this.tail.then(work).finally(() => {
      this.waiting -= 1;
    });
    // Whoever asked gets the failure; the next in line goes on regardless.
    this.tail = result.catch(() => undefined);
    return result;
  }

  async idle(): Promise<void> {
    await this.tail;
  }
}
