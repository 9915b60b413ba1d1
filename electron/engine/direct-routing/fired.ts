import type { StepContext } from '#engine/jobs/index';
import { compareConfigurations } from '#shared/domain/direct-routing/index';
import { EvenkeelError } from '#shared/errors';
import { clockText, watchOf } from './dead-man';
import type { States } from './states';
import type { DirectRoutingStore } from './store';

export interface FiredParts {
  readonly states: States;
  readonly store: DirectRoutingStore;
}

/** The error of a dead-man that fired, with what was found on the server beside the snapshot. */
export async function tellFired(
  { states, store }: FiredParts,
  windowsId: string,
  error: EvenkeelError,
  context: StepContext,
): Promise<EvenkeelError> {
  const found = await look();
  context.note(`Found: ${found}`.slice(0, 2_000), { level: 'warning' });
  return error.with({ found });

  async function look(): Promise<string> {
    try {
      const snapshot = await store.snapshotOf(context.jobId, windowsId);
      if (snapshot === null) return 'there is no snapshot to compare with';
      const state = await states.read(windowsId, context.signal);
      const rows = compareConfigurations(snapshot.state, state).filter((row) => row.before !== row.after);
      if (rows.length === 0) return 'every value is as in the snapshot';
      const told = rows
        .slice(0, 10)
        .map((row) => `${row.item} was ${row.before ?? 'absent'}, is ${row.after ?? 'absent'}`);
      return `${rows.length} values are not as in the snapshot: ${told.join('; ')}`;
    } catch (caught) {
      if (context.signal.aborted || !(caught instanceof EvenkeelError)) throw caught;
      return `the server could not be read: ${caught.message}`;
    }
  }
}

/** What a person must know of a server that cannot be taken back from here: that it does it itself, and when. */
export function withWatch(error: EvenkeelError, context: StepContext, now: number): EvenkeelError {
  const watch = watchOf(context);
  if (watch === null) return error;
  const at = clockText(watch.until);
  const unless = watch.asked ? 'Unless the confirmation reached it before the link was lost, the' : 'The';
  const does =
    watch.until > now
      ? `${unless} server takes everything back by itself at ${at}, also without a link.`
      : `${unless} server should have taken everything back by itself at ${at}.`;
  const { advice, ...details } = error.details;
  const then = 'Undo again once it can be reached: that reads what is left and brings the server online as before.';
  const text = typeof advice === 'string' ? `${does} ${then} ${advice}` : `${does} ${then}`;
  return new EvenkeelError(error.code, { ...details, restoresAt: at, advice: text }, error.message, { cause: error });
}
