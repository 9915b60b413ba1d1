import { EvenkeelError } from '#shared/errors';

interface Waiting {
  readonly enter: () => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * Lets one holder in at a time, in the order asked. At most `limit` wait, none longer than `deadlineMs`: a query that
 * asks for the connection from inside a transaction on it would otherwise wait for ever.
 */
export class Queue {
  private held = false;
  private readonly waiting: Waiting[] = [];

  constructor(
    private readonly limit: number,
    private readonly deadlineMs: number,
  ) {}

  /** Throws `overloaded` or `deadline`. */
  enter(): Promise<void> {
    if (!this.held) {
      this.held = true;
      return Promise.resolve();
    }
    if (this.waiting.length >= this.limit) {
      return Promise.reject(new EvenkeelError('overloaded', { step: 'database' }));
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(waiting), 1);
        reject(new EvenkeelError('deadline', { step: 'database' }));
      }, this.deadlineMs);
      const waiting: Waiting = { enter: resolve, timer };
      this.waiting.push(waiting);
    });
  }

  leave(): void {
    const next = this.waiting.shift();
    if (next === undefined) {
      this.held = false;
      return;
    }
    clearTimeout(next.timer);
    next.enter();
  }
}
