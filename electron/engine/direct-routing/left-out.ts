import { EvenkeelError } from '#shared/errors';
import type { RealRef } from './real-servers';

/** Work on real servers that were drained here; a failure tells which may be out of service until it is settled. */
export async function tellingLeftOut(taken: readonly RealRef[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (taken.length === 0 || !(error instanceof EvenkeelError)) throw error;
    const { advice, ...details } = error.details;
    const labels = taken.map(({ rip }) => rip);
    const left = `${labels.join(', ')} may be out of service: undo again once the unit can be reached, or bring them online by hand.`;
    const text = advice === undefined ? left : `${left} ${advice}`;
    throw new EvenkeelError(error.code, { ...details, leftOut: labels, advice: text }, error.message, { cause: error });
  }
}
