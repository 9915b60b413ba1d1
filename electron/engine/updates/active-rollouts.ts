import type { Plan } from '#shared/contract/plans';
import { rolloutKind } from '#shared/domain/updates/rollout-plan';

/** Which archive the rollouts under way use. Filled by their own steps, so it is right after a restart too. */
export class ActiveRollouts {
  private readonly plans = new Map<string, Plan>();

  constructor(private readonly changed: () => void) {}

  begin(plan: Plan): void {
    if (plan.kind !== rolloutKind || this.plans.has(plan.id)) return;
    this.plans.set(plan.id, plan);
    this.changed();
  }

  end(plan: Plan): void {
    if (this.plans.delete(plan.id)) this.changed();
  }

  /** Units of the rollout that uses this archive; empty when none does. */
  unitsUsing(archiveId: string): readonly string[] {
    return [...this.plans.values()]
      .filter((plan) => plan.basis.archiveId === archiveId)
      .flatMap((plan) => plan.unitIds);
  }
}
