import { z } from 'zod';
import type { StepContext } from '#engine/jobs/index';
import {
  settingOperation,
  type OperationInput,
  type ScriptResult,
  type WindowsOperation,
} from '#shared/domain/direct-routing/index';
import { EvenkeelError } from '#shared/errors';
import type { DirectRoutingDeps } from './deps';
import type { Watches } from './watches';

export const armInput = z.strictObject({
  windowsId: z.string(),
  name: z.string(),
  minutes: z.number().int().positive(),
  operations: z.array(settingOperation).min(1),
});

export type ArmOperation = OperationInput<'dead-man-arm'>;

/** The dead-man of one server as the steps of its lane wrote it down. Times are this computer's, in milliseconds. */
export interface Watch {
  readonly name: string;
  readonly armedAt: number;
  /** The server takes everything back then. */
  readonly until: number;
  /** A confirmation was sent, and whether it arrived is not known. */
  readonly asked: boolean;
}

export interface DeadManFacts {
  readonly state: 'armed' | 'fired' | 'none';
  readonly firedAt: string | null;
  readonly outcome: string | null;
  readonly text: string | null;
}

/** The dead-man that watches the lane of this step; `null` when none is armed, or it was confirmed. */
export function watchOf(context: StepContext): Watch | null {
  const { plan, step } = context;
  const memories = plan.steps.filter((item) => item.lane === step.lane).map((item) => context.recallOf(item.id));
  let watch: Watch | null = null;
  for (const { watchName, watchFrom, watchUntil } of memories) {
    if (typeof watchName !== 'string' || typeof watchFrom !== 'number' || typeof watchUntil !== 'number') continue;
    if (watch === null || watchFrom >= watch.armedAt) {
      watch = { name: watchName, armedAt: watchFrom, until: watchUntil, asked: false };
    }
  }
  if (watch === null) return null;
  const ends = memories.map(({ watchEnded }) => (typeof watchEnded === 'number' ? watchEnded : 0));
  if (Math.max(...ends) > watch.armedAt) return null;
  return { ...watch, asked: memories.some(({ watchAsked }) => watchAsked === true) };
}

export class DeadMen {
  constructor(
    private readonly deps: Pick<DirectRoutingDeps, 'windows' | 'now'>,
    private readonly watches: Watches,
  ) {}

  /** Arms, or begins the time anew. Written down before and after. Throws `dead_man_fired` when it has fired already. */
  async arm(windowsId: string, input: ArmOperation, context: StepContext): Promise<Watch> {
    const armedAt = this.deps.now();
    const longest = armedAt + input.minutes * 60_000;
    // Before it is sent: it may be armed although no answer comes.
    await context.remember({ watchName: input.name, watchFrom: armedAt, watchUntil: longest });
    await this.watches.add(windowsId, { name: input.name, until: longest });
    const result = await this.ask(windowsId, { operation: 'dead-man-arm', input }, context);
    const until = dueAt(result, armedAt, longest);
    await context.remember({ watchUntil: until });
    return { name: input.name, armedAt, until, asked: false };
  }

  /** Begins the time anew when more than half of it is over. True when it did. */
  async keepAhead(windowsId: string, context: StepContext): Promise<boolean> {
    const watch = watchOf(context);
    const input = armInputOf(context);
    if (watch === null || input === null) return false;
    // A step that was under way before a crash does not know how long ago that was, nor what the server did since.
    const again = context.recall()['started'] === true;
    if (!again && watch.until - this.deps.now() > (watch.until - watch.armedAt) / 2) return false;
    const renewed = await this.arm(windowsId, { ...input, name: watch.name }, context);
    context.note(`The server waits until ${clockText(renewed.until)} now before it takes everything back.`);
    return true;
  }

  /** It stays. Throws `dead_man_fired` when the server took it back. */
  async confirm(windowsId: string, name: string, context: StepContext): Promise<'armed' | 'none'> {
    const result = await this.ask(windowsId, { operation: 'dead-man-confirm', input: { name } }, context);
    await this.ended(windowsId, name, context);
    return result?.facts['was'] === 'armed' ? 'armed' : 'none';
  }

  /** Throws `dead_man_armed` when one of an earlier job still waits on the server: it would take back this change too. */
  async refuseOthers(windowsId: string, unit: string, step: string, signal: AbortSignal, own = ''): Promise<void> {
    for (const { name, until } of await this.watches.of(windowsId)) {
      // Of an earlier try of the same change, which goes on under its own name.
      if (own !== '' && name.startsWith(own)) continue;
      const { state } = await this.read(windowsId, name, signal);
      if (state !== 'armed') {
        await this.watches.drop(windowsId, name);
        continue;
      }
      const at = clockText(until);
      const advice = `It does so at ${at}. Plan again after that, or undo the job that armed it first.`;
      throw new EvenkeelError('dead_man_armed', {
        unit,
        step,
        restoresAt: at,
        advice,
        unchanged: 'Nothing was changed.',
      });
    }
  }

  async read(windowsId: string, name: string, signal: AbortSignal): Promise<DeadManFacts> {
    const server = await this.deps.windows(windowsId);
    const [result] = await server.run([{ operation: 'dead-man-read', input: { name } }], { signal });
    const { state, firedAt, outcome, text } = result?.facts ?? {};
    return {
      state: state === 'armed' || state === 'fired' ? state : 'none',
      firedAt: textOf(firedAt),
      outcome: textOf(outcome),
      text: textOf(text),
    };
  }

  private async ask(
    windowsId: string,
    operation: WindowsOperation,
    context: StepContext,
  ): Promise<ScriptResult | undefined> {
    const server = await this.deps.windows(windowsId);
    try {
      const results = await server.run([operation], { signal: context.signal });
      return results.find((result) => result.operation === operation.operation);
    } catch (error) {
      if (isFired(error) && 'name' in operation.input) await this.ended(windowsId, operation.input.name, context);
      throw error;
    }
  }

  private async ended(windowsId: string, name: string, context: StepContext): Promise<void> {
    await context.remember({ watchEnded: this.deps.now() });
    await this.watches.drop(windowsId, name);
  }
}

export function isFired(error: unknown): error is EvenkeelError {
  return error instanceof EvenkeelError && error.code === 'dead_man_fired';
}

/** What the lane's dead-man does, as its plan has it. */
function armInputOf({ plan, step }: StepContext): ArmOperation | null {
  const arm = plan.steps.find((item) => item.lane === step.lane && item.kind === 'directRouting.arm');
  const parsed = armInput.safeParse(arm?.input);
  if (!parsed.success) return null;
  const { name, minutes, operations } = parsed.data;
  return { name, minutes, operations };
}

/**
 * The server's own time where it fits: a practice server counts faster. One whose clock differs from this computer's
 * is not believed beyond what was asked for.
 */
function dueAt(result: ScriptResult | undefined, from: number, longest: number): number {
  const told = Date.parse(textOf(result?.facts['dueAt']) ?? '');
  return told > from && told < longest ? told : longest;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** `14:32 GMT` */
export function clockText(at: number): string {
  const format = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZoneName: 'short' } as const;
  return new Intl.DateTimeFormat('en-GB', format).format(at);
}
