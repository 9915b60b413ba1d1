import { EvenkeelError } from '#shared/errors';

/** One thing a person asked for: is it under way, and why did it fail? */
export class Action {
  busy = $state(false);
  error = $state.raw<EvenkeelError | null>(null);

  constructor(
    /** Named as the step of an error that names none. */
    private readonly step: string,
  ) {}

  /** Runs the work unless it is under way. Gives its answer, or `null` when it failed: the error is then kept here. */
  async run<T>(work: () => Promise<T>): Promise<T | null> {
    if (this.busy) return null;
    this.busy = true;
    this.error = null;
    try {
      return await work();
    } catch (caught) {
      this.error = knownError(caught, this.step);
      return null;
    } finally {
      this.busy = false;
    }
  }
}

/** The error as the contract knows it; anything else is a fault of this program. */
export function knownError(caught: unknown, step: string): EvenkeelError {
  return caught instanceof EvenkeelError ? caught.with({ step }) : new EvenkeelError('internal', { step });
}
