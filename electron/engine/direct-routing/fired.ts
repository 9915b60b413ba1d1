import type { StepContext } from '#engine/jobs/index';
import { compareConfigurations } from '#shared/domain/direct-routing/index';
import { EvenkeelError, type ErrorCode } from '#shared/errors';
import { clockText, isFired, watchOf, type DeadMen } from './dead-man';
import type { States } from './states';
import type { DirectRoutingStore } from './store';

export interface FiredParts {
  readonly states: States;
  readonly store: DirectRoutingStore;
}

/** Without a link the server cannot be asked either. */
const noLink: readonly ErrorCode[] = ['connect_refused', 'connect_timeout', 'host_unreachable', 'link_cut', 'deadline'];

/**
 * Work under the eye of the dead-man: its time begins anew where it runs short. Where the work fails because the server
 * took everything back meanwhile, that is the failure that is told. Throws `dead_man_fired`, or what the work throws.
 */
export async function watched<T>(
  parts: FiredParts & { readonly deadMen: DeadMen },
  windowsId: string,
  context: StepContext,
  work: () => Promise<T>,
): Promise<T> {
  try {
    await parts.deadMen.keepAhead(windowsId, context);
    return await work();
  } catch (error) {
    if (context.signal.aborted || !(error instanceof EvenkeelError)) throw error;
    const cause = isFired(error) ? error : await firedBehind(parts.deadMen, windowsId, error, context);
    throw cause === null ? error : await tellFired(parts, windowsId, cause, context);
  }
}

async function firedBehind(
  deadMen: DeadMen,
  windowsId: string,
  error: EvenkeelError,
  context: StepContext,
): Promise<EvenkeelError | null> {
  const watch = watchOf(context);
  if (watch === null || noLink.includes(error.code)) return null;
  try {
    const { state, firedAt, text } = await deadMen.read(windowsId, watch.name, context.signal);
    if (state !== 'fired') return null;
    const reason = `Taken back at ${firedAt ?? 'a time unknown'}: ${text ?? 'nothing was written down'}`;
    const where = { unit: context.step.unitName, step: context.step.title, reason };
    return new EvenkeelError('dead_man_fired', { ...where, seenFirst: error.message, advice: planAgain });
  } catch (caught) {
    if (context.signal.aborted || !(caught instanceof EvenkeelError)) throw caught;
    return null;
  }
}

const planAgain = 'Read the server again: its network should be as before the change. Draw up a new plan.';

/** The error of a dead-man that fired, with what was found on the server beside the snapshot. */
export async function tellFired(
  { states, store }: FiredParts,
  windowsId: string,
  error: EvenkeelError,
  context: StepContext,
): Promise<EvenkeelError> {
  const found = await look();
  context.note(`Found: ${found}`.slice(0, 2_000), { level: 'warning' });
  return new EvenkeelError(error.code, { ...error.details, step: context.step.title, found }, error.message, {
    cause: error,
  });

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
