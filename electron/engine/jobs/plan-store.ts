import type { Plan } from '#shared/contract/plans';

/** Where plans wait between being drawn up and being started. */
export interface PlanStore {
  /** Keeps the plan and gives it back; throws `plan_empty` for a plan without a step that changes anything. */
  keep(plan: Plan): Promise<Plan>;
  /** Throws `not_found`. */
  get(planId: string): Promise<Plan>;
}

/** Who holds a unit now, for views and for refusing a second plan. */
export interface UnitLocks {
  /** The job that holds the unit. */
  holder(unitId: string): { readonly jobId: string; readonly number: number; readonly title: string } | null;
  /** Called after any change; gives back how to stop listening. */
  onChange(listener: () => void): () => void;
}
