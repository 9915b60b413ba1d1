import { z } from 'zod';
import type { Plan } from '#shared/contract/plans';
import { EvenkeelError } from '#shared/errors';

const unitBasis = z.object({
  id: z.string(),
  name: z.string(),
  version: z.string().nullable(),
  haState: z.enum(['active', 'passive']).nullable(),
  configuration: z.array(z.string()),
  state: z.array(z.string()),
});
const basis = z.object({ archiveId: z.string(), sha256: z.string(), version: z.string(), units: z.array(unitBasis) });

export type UnitBasis = z.infer<typeof unitBasis>;
export type RolloutBasis = z.infer<typeof basis>;

/** What a rollout plan was drawn up from. Throws `plan_outdated` for a plan of another form. */
export function basisOf(plan: Plan): RolloutBasis {
  const parsed = basis.safeParse(plan.basis);
  if (parsed.success) return parsed.data;
  throw new EvenkeelError('plan_outdated', { step: 'plan', advice: 'Draw up the plan again.' });
}

export function basisUnits(plan: Plan): readonly UnitBasis[] {
  return basisOf(plan).units;
}
