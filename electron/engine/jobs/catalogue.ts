import type { Plan, PlanStep } from '#shared/contract/plans';
import { EvenkeelError } from '#shared/errors';
import type { JobCatalogue, PlanKind, StepKind } from './step-kind';

/** Every kind of step and plan that the capabilities know to run. */
export class Catalogue {
  private readonly steps = new Map<string, StepKind>();
  private readonly plans = new Map<string, PlanKind>();

  /** Throws when two capabilities give the same kind: a defect. */
  add(part: JobCatalogue): void {
    for (const step of part.steps) addOnce(this.steps, step.kind, step);
    for (const plan of part.plans) addOnce(this.plans, plan.kind, plan);
  }

  step(step: PlanStep): StepKind {
    const kind = this.steps.get(step.kind);
    if (kind === undefined) throw unknownKind(step.kind, step.title);
    return kind;
  }

  plan(plan: Plan): PlanKind {
    const kind = this.plans.get(plan.kind);
    if (kind === undefined) throw unknownKind(plan.kind, plan.title);
    return kind;
  }

  /** Throws `not_found` for a kind that is not known and `invalid_argument` for an input not of its form. */
  check(plan: Plan): void {
    this.plan(plan);
    const lanes = new Set(plan.lanes?.items.map((lane) => lane.id));
    for (const step of plan.steps) {
      if (plan.lanes !== undefined && !lanes.has(step.lane)) {
        throw new EvenkeelError('invalid_argument', { step: step.title, unit: step.unitName, lane: step.lane });
      }
      const parsed = this.step(step).input.safeParse(step.input);
      if (parsed.success) continue;
      const where = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
      throw new EvenkeelError('invalid_argument', { step: step.title, unit: step.unitName, where });
    }
  }
}

function addOnce<T>(map: Map<string, T>, kind: string, value: T): void {
  if (map.has(kind)) throw new Error(`kind ${kind} is in the catalogue already`);
  map.set(kind, value);
}

function unknownKind(kind: string, step: string): EvenkeelError {
  return new EvenkeelError('not_found', {
    step,
    kind,
    unchanged: 'everything from this step on',
    advice: 'This version of Evenkeel does not know how to run it. Draw up a new plan.',
  });
}
