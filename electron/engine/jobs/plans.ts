import { plan as planSchema, type Plan } from '#shared/contract/plans';
import { EvenkeelError } from '#shared/errors';
import type { Database } from '#engine/database/index';
import type { PlanStore } from './plan-store';

/** Plans that were never started are forgotten after a week. */
const keptMs = 7 * 24 * 3_600_000;
/** A fix of one server is about 170 KB, because every step carries its script word for word. */
const longest = 96 * 1024 ** 2;

/** Plans in SQLite. A started plan is kept with its job. */
export class Plans implements PlanStore {
  constructor(
    private readonly database: Database,
    private readonly now: () => number,
  ) {}

  async keep(plan: Plan): Promise<Plan> {
    if (!plan.steps.some(changesSomething)) {
      throw new EvenkeelError('plan_empty', { step: plan.title, unchanged: 'everything' });
    }
    const checked = planSchema.parse(plan);
    const text = JSON.stringify(checked);
    if (text.length > longest) throw new EvenkeelError('too_large', { step: plan.title, limit: longest });
    const row = { id: plan.id, kind: plan.kind, drawn_up_at: plan.drawnUpAt, kept_at: this.now(), plan: text };
    await this.database.kysely.insertInto('plan').values(row).execute();
    await this.forgetOld();
    return checked;
  }

  async get(planId: string): Promise<Plan> {
    const row = await this.database.kysely
      .selectFrom('plan')
      .select('plan')
      .where('id', '=', planId)
      .executeTakeFirst();
    if (row === undefined) throw new EvenkeelError('not_found', { plan: planId, advice: 'Draw up the plan again.' });
    return planSchema.parse(JSON.parse(row.plan));
  }

  private async forgetOld(): Promise<void> {
    await this.database.kysely
      .deleteFrom('plan')
      .where('kept_at', '<', this.now() - keptMs)
      .where('id', 'not in', this.database.kysely.selectFrom('job').select('plan_id'))
      .execute();
  }
}

/** A step that only reads or waits changes nothing. */
export function changesSomething(step: Plan['steps'][number]): boolean {
  return step.action.kind !== 'read' && step.action.kind !== 'wait';
}
