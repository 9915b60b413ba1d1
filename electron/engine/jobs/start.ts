import { randomUUID } from 'node:crypto';
import type { Plan } from '#shared/contract/plans';
import { EvenkeelError } from '#shared/errors';
import type { JobParts } from './parts';

export interface StartOptions {
  readonly planId: string;
  readonly reason: string;
  readonly ticket: string | null;
  /** The name typed, where the plan asks for one. */
  readonly confirmName: string | null;
  readonly by: string;
}

export interface Started {
  readonly jobId: string;
  readonly number: number;
}

/**
 * Checks that a plan may start, locks its units and writes the job down, queued. Not to be called twice at a time.
 * Throws `conflict` (started before), `invalid_argument` (name typed), `not_found` (a kind not known), `unit_locked`.
 */
export async function createJob(plan: Plan, options: StartOptions, parts: JobParts): Promise<Started> {
  const { store, catalogue, audit, locks, now } = parts;
  checkConfirmation(plan, options.confirmName);
  catalogue.check(plan);
  const nameOf = (unitId: string): string => unitName(plan, unitId);
  locks.check(plan.unitIds, nameOf);
  const jobId = `job-${randomUUID()}`;
  const touched = plan.steps.filter((step) => step.unitId !== null).map((step) => step.unitName);
  const unitNames = [...new Set(touched)];
  const number = await store.create(
    {
      id: jobId,
      plan_id: plan.id,
      kind: plan.kind,
      title: plan.title,
      state: 'queued',
      by_whom: options.by,
      reason: options.reason,
      ticket: options.ticket,
      practice: plan.practice ? 1 : 0,
      unit_ids: JSON.stringify(plan.unitIds),
      unit_names: JSON.stringify(unitNames),
      created_at: now(),
      intent: 'run',
      verdict: 'pending',
      choices: '[]',
    },
    plan.steps.map((step) => step.id),
  );
  locks.take({ jobId, number, title: plan.title }, plan.unitIds, nameOf);
  const { reason, ticket } = options;
  await audit.append({
    who: options.by,
    what: 'job.started',
    subject: `Job ${number}: ${plan.title}`,
    details: { job: number, plan: plan.id, reason, ticket, units: unitNames, practice: plan.practice },
  });
  return { jobId, number };
}

export function unitName(plan: Plan, unitId: string): string {
  return plan.steps.find((step) => step.unitId === unitId)?.unitName ?? unitId;
}

function checkConfirmation(plan: Plan, typed: string | null): void {
  if (plan.confirmName === null || plan.confirmName === typed?.trim()) return;
  throw new EvenkeelError('invalid_argument', {
    step: 'start the job',
    expected: plan.confirmName,
    unchanged: 'everything',
    advice: `Type ${plan.confirmName} to confirm.`,
  });
}
