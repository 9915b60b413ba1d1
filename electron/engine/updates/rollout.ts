import type { PlanKind } from '#engine/jobs/step-kind';
import type { Plan } from '#shared/contract/plans';
import { rolloutKind } from '#shared/domain/updates/rollout-plan';
import { unitStepInput } from '#shared/domain/updates/step-input';
import { EvenkeelError } from '#shared/errors';
import { basisOf, type UnitBasis } from './basis';
import { proveRollout } from './prove';
import type { StepParts } from './steps/parts';
import { unstage } from './steps/stage';

const tidyMs = 30_000;

/** What belongs to a rollout as a whole. */
export function rolloutPlanKind(
  parts: StepParts,
  tools: { readonly now: () => number; readonly warn: (message: string, error?: unknown) => void },
): PlanKind {
  return {
    kind: rolloutKind,
    recheck: async (plan, signal) => {
      const { archiveId, sha256, units } = basisOf(plan);
      const archive = parts.shelf.get(archiveId);
      if (archive.verdict !== 'verified' || archive.sha256 !== sha256)
        throw outdated('The archive on the shelf changed.');
      for (const unit of units) await recheckUnit(parts, unit, signal);
      parts.rollouts.begin(plan);
    },
    prove: (plan, journal, signal) => proveRollout({ plan, journal, units: parts.units, now: tools.now, signal }),
    ended: async (plan, outcome) => {
      parts.rollouts.end(plan);
      if (outcome.state !== 'succeeded') await tidy(parts, plan, tools.warn);
    },
  };
}

async function recheckUnit(parts: StepParts, unit: UnitBasis, signal: AbortSignal): Promise<void> {
  const reading = await (await parts.units.open(unit.id)).read(signal);
  if (reading.version !== unit.version) {
    throw outdated(
      `${unit.name} has ${reading.version ?? 'an unknown version'} now, ${unit.version ?? 'unknown'} then.`,
    );
  }
  if (reading.ha.state !== unit.haState) {
    throw outdated(`${unit.name} is ${reading.ha.state ?? 'unknown'} now, ${unit.haState ?? 'unknown'} then.`);
  }
}

/** A rollout that ended early leaves no archive behind. A unit that cannot be reached keeps it; the log says so. */
async function tidy(parts: StepParts, plan: Plan, warn: (message: string, error?: unknown) => void): Promise<void> {
  for (const step of plan.steps) {
    if (step.kind !== 'updates.upload') continue;
    const { unitId, unitName, stagedPath } = unitStepInput.parse(step.input);
    if (stagedPath === null) continue;
    try {
      await unstage(await parts.units.open(unitId), stagedPath, AbortSignal.timeout(tidyMs));
    } catch (error) {
      warn(`The copied archive may still be on ${unitName}: ${stagedPath}`, error);
    }
  }
}

function outdated(advice: string): EvenkeelError {
  return new EvenkeelError('plan_outdated', { step: 'plan', unchanged: 'Nothing was sent.', advice });
}
