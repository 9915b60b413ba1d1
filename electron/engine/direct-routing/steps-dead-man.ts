import { z } from 'zod';
import { stepKind, type StepContext, type StepKind } from '#engine/jobs/index';
import { EvenkeelError } from '#shared/errors';
import { armInput, clockText, isFired, type ArmOperation, type DeadMen } from './dead-man';
import { tellFired, withWatch, type FiredParts } from './fired';

export const confirmInput = z.strictObject({ windowsId: z.string(), name: z.string(), armStepId: z.string() });

/** Another try after the dead-man of an earlier one has fired takes another name. */
const mostTries = 20;

export interface DeadManStepParts extends FiredParts {
  readonly deadMen: DeadMen;
}

/** Arm and confirm: from the one to the other the server takes everything back by itself. */
export function deadManSteps(parts: DeadManStepParts): readonly StepKind[] {
  return [arm(parts), confirm(parts)];
}

function arm(parts: DeadManStepParts): StepKind {
  const { deadMen, store } = parts;
  return stepKind({
    kind: 'directRouting.arm',
    input: armInput,
    whenInterrupted: 'resume',
    // Armed again the time begins anew, and nothing has been changed yet.
    inspect: () => Promise.resolve('not-done'),
    run: async (context, { windowsId, ...input }) => {
      const { unitName, title } = context.step;
      await deadMen.refuseOthers(windowsId, unitName, title, context.signal, input.name);
      const watch = await armFresh(deadMen, windowsId, input, context);
      context.note(`Armed: the server takes everything back at ${clockText(watch.until)} unless it is confirmed.`);
      return 'done';
    },
    undo: async (context, { windowsId, name }) => {
      const known = context.recall()['watchName'];
      try {
        await deadMen.confirm(windowsId, typeof known === 'string' ? known : name, context);
        context.note('Disarmed: everything was taken back before.');
      } catch (error) {
        if (!isFired(error)) throw toldWatch(error, context);
        context.note(`The server took everything back by itself: ${reasonOf(error)}`.slice(0, 2_000), {
          level: 'warning',
        });
      }
      await store.dropFix(context.jobId, windowsId);
    },
  });
}

/** A link that is lost here leaves it armed: everything was taken back already, so it would change nothing. */
function toldWatch(error: unknown, context: StepContext): unknown {
  return error instanceof EvenkeelError ? withWatch(error, context, context.now()) : error;
}

async function armFresh(deadMen: DeadMen, windowsId: string, input: ArmOperation, context: StepContext) {
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? input.name : `${input.name}-${count}`;
    try {
      return await deadMen.arm(windowsId, { ...input, name }, context);
    } catch (error) {
      if (!isFired(error) || count === mostTries) throw error;
    }
  }
}

function confirm(parts: DeadManStepParts): StepKind {
  const { deadMen } = parts;
  return stepKind({
    kind: 'directRouting.confirm',
    input: confirmInput,
    whenInterrupted: 'resume',
    // Confirmed again nothing happens; one that fired meanwhile says so.
    inspect: () => Promise.resolve('not-done'),
    run: async (context, input) => {
      const name = nameOf(context, input);
      await context.remember({ watchAsked: true });
      try {
        const was = await deadMen.confirm(input.windowsId, name, context);
        context.note(`Confirmed${was === 'armed' ? '' : ' before'} (${name}): the change stays.`);
      } catch (error) {
        throw isFired(error) ? await tellFired(parts, input.windowsId, error, context) : error;
      }
      await context.remember({ watchAsked: false });
      return 'done';
    },
    undo: async (context, input) => {
      const armed = armInput.safeParse(context.plan.steps.find((step) => step.id === input.armStepId)?.input);
      if (!armed.success) return;
      const { windowsId, ...operation } = armed.data;
      try {
        // Under its own name: another one would still wait when this one is disarmed at the end.
        const watch = await deadMen.arm(windowsId, { ...operation, name: nameOf(context, input) }, context);
        await context.remember({ watchAsked: false });
        context.note(
          `Armed again: if the link is lost now, the server takes the rest back at ${clockText(watch.until)}.`,
        );
      } catch (error) {
        // Taking back goes before being watched over while it is taken back.
        if (context.signal.aborted || !(error instanceof EvenkeelError)) throw error;
        context.note(`Not armed again: ${error.message}`, { level: 'warning' });
      }
    },
  });
}

/** The name under which it was armed. */
function nameOf(context: StepContext, { armStepId, name }: z.infer<typeof confirmInput>): string {
  const known = context.recallOf(armStepId)['watchName'];
  return typeof known === 'string' ? known : name;
}

function reasonOf(error: EvenkeelError): string {
  const { reason } = error.details;
  return typeof reason === 'string' ? reason : error.message;
}
