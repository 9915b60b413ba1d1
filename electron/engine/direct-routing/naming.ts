import type { StepKind } from '#engine/jobs/index';
import { EvenkeelError } from '#shared/errors';

/** A failure names the step of the plan in which it happened; what was being done just then is told as `during`. */
export function namingStep(kind: StepKind): StepKind {
  const { undo } = kind;
  return {
    ...kind,
    run: (context, input) => named(context.step.title, () => kind.run(context, input)),
    undo: undo === null ? null : (context, input) => named(`Undo: ${context.step.title}`, () => undo(context, input)),
  };
}

async function named<T>(title: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof EvenkeelError)) throw error;
    const { step = title, ...details } = error.details;
    if (step === title) throw error;
    throw new EvenkeelError(error.code, { ...details, step: title, during: step }, error.message, { cause: error });
  }
}
