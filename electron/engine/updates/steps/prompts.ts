import type { Appliance } from '#engine/appliance/index';
import { stepKind, type StepContext, type StepKind } from '#engine/jobs/step-kind';
import { configurationTold } from '#shared/domain/appliance/configuration-told';
import type { ApplianceReading } from '#shared/domain/appliance/reading';
import { phaseStepId, unitStepInput, type UnitStepInput } from '#shared/domain/updates/step-input';
import { isInstalled } from '#shared/domain/updates/version-rule';
import { EvenkeelError } from '#shared/errors';
import { mergePrompts, promptsOf, serviceOf } from './prompt-list';
import { isUnreachable, linesOf, openUnit, readOrNull, readUntil, type StepParts } from './parts';

/** Answers what the unit asked for after the update, the restart of the whole unit last. Each answer is remembered. */
export function promptsStep(parts: StepParts): StepKind {
  return stepKind<UnitStepInput>({
    kind: 'updates.prompts',
    input: unitStepInput,
    whenInterrupted: 'resume',
    inspect: () => Promise.resolve('not-done'),
    undo: null,
    run: async (context, input) => {
      const appliance = await openUnit(parts, context, input);
      const told = linesOf(context.recallOf(phaseStepId(input.unitId, 'install')), 'prompts');
      // Asked again: where the answer of the install was lost, only the unit itself tells.
      const limits = { withinMs: parts.times.healthMs, pollMs: parts.times.pollMs, signal: context.signal };
      const reading = await readUntil(appliance, configurationTold, limits);
      if (!reading) throw notBack(input, 'It does not tell what it asks for.');
      const asked = mergePrompts(told, promptsOf(reading.pendingRestarts));
      if (asked.length === 0) {
        context.note('It asks for nothing.');
        return 'skipped';
      }
      const services = asked.filter((prompt) => serviceOf(prompt) !== 'appliance');
      for (const prompt of services) await answer(parts, context, appliance, input, prompt);
      if (services.length < asked.length) await reboot(parts, context, appliance, input);
      await noMorePrompts(parts, context, appliance, input);
      return 'done';
    },
  });
}

async function answer(
  parts: StepParts,
  context: StepContext,
  appliance: Appliance,
  input: UnitStepInput,
  prompt: string,
): Promise<void> {
  const answered = linesOf(context.recall(), 'answered');
  if (answered.includes(prompt)) return;
  const kind = prompt.startsWith('reload ') ? 'reload' : 'restart';
  await appliance.restartService({ kind, service: serviceOf(prompt) }, context.signal);
  await context.remember({ answered: [...answered, prompt] });
  context.note(prompt, { code: true });
  await back(parts, context, appliance, input);
}

/** After a crash in the middle only the wait is repeated: a second restart would find the unit in service. */
async function reboot(
  parts: StepParts,
  context: StepContext,
  appliance: Appliance,
  input: UnitStepInput,
): Promise<void> {
  if (context.recall().rebooted !== true) {
    await context.remember({ rebooted: true });
    await restart(appliance, context);
    context.note('restart of the appliance', { code: true });
    await untilGone(parts, appliance, context.signal);
  }
  await back(parts, context, appliance, input);
  context.note(`${input.unitName} is back.`);
}

/** A restart that was refused has not begun: whoever resumes wants it asked for again. */
async function restart(appliance: Appliance, context: StepContext): Promise<void> {
  try {
    await appliance.restartAppliance(context.signal);
  } catch (error) {
    if (!isUnreachable(error)) await context.remember({ rebooted: false });
    throw error;
  }
}

/** A restart takes a moment to begin; a unit that is back already was never seen gone, which the time limit allows. */
async function untilGone(parts: StepParts, appliance: Appliance, signal: AbortSignal): Promise<void> {
  const until = AbortSignal.any([signal, AbortSignal.timeout(Math.min(30_000, parts.times.rebootMs))]);
  while (!until.aborted) {
    if ((await readOrNull(appliance, until)) === null) return;
    await new Promise((resolve) => setTimeout(resolve, Math.min(500, parts.times.pollMs)));
  }
}

async function back(parts: StepParts, context: StepContext, appliance: Appliance, input: UnitStepInput): Promise<void> {
  const limits = { withinMs: parts.times.rebootMs, pollMs: parts.times.pollMs, signal: context.signal };
  const reading = await readUntil(appliance, ({ version }) => isInstalled(version, input.fileName), limits);
  if (!reading) throw notBack(input, 'It did not answer with its new version in time.');
}

async function noMorePrompts(
  parts: StepParts,
  context: StepContext,
  appliance: Appliance,
  input: UnitStepInput,
): Promise<void> {
  const limits = { withinMs: parts.times.healthMs, pollMs: parts.times.pollMs, signal: context.signal };
  const nothing = (now: ApplianceReading): boolean => configurationTold(now) && now.pendingRestarts.length === 0;
  const reading = await readUntil(appliance, nothing, limits);
  if (reading) return;
  // A person who resumes wants them answered anew.
  await context.remember({ answered: [], rebooted: false });
  throw notBack(input, 'It still asks for a restart.');
}

function notBack(input: UnitStepInput, reason: string): EvenkeelError {
  return new EvenkeelError('health_not_restored', {
    unit: input.unitName,
    step: 'Prompts',
    reason,
    unchanged: input.peerName === null ? 'The update is installed.' : `${input.peerName} carries the traffic.`,
    advice: 'Look at the unit, then resume.',
  });
}
