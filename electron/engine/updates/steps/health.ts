import { stepKind, type StepContext, type StepKind } from '#engine/jobs/step-kind';
import { differences, fingerprintOf, lostServers } from '#shared/domain/updates/fingerprint';
import { phaseStepId, unitStepInput, type UnitStepInput } from '#shared/domain/updates/step-input';
import { isInstalled } from '#shared/domain/updates/version-rule';
import { EvenkeelError } from '#shared/errors';
import { linesOf, openUnit, readUntil, versionOf, type StepParts } from './parts';

/** Waits until every real server that was online before the update is online again. */
export function healthStep(parts: StepParts): StepKind {
  return stepKind<UnitStepInput>({
    kind: 'updates.health',
    input: unitStepInput,
    whenInterrupted: 'resume',
    inspect: () => Promise.resolve('not-done'),
    undo: null,
    run: async (context, input) => {
      const appliance = await openUnit(parts, context, input);
      const before = linesOf(memoryOf(context, input), 'state');
      let lost: readonly string[] = [];
      const limits = { withinMs: parts.times.healthMs, pollMs: parts.times.pollMs, signal: context.signal };
      const reading = await readUntil(
        appliance,
        (now) => {
          lost = lostServers(before, fingerprintOf(now).state);
          return lost.length === 0;
        },
        limits,
      );
      if (!reading) throw notRestored(input, 'Health', `Not online again: ${lost.join(', ') || 'the unit itself'}.`);
      const servers = reading.services.flatMap((service) => service.realServers);
      context.note(`${reading.services.length} services and ${servers.length} real servers as before.`);
      return 'done';
    },
  });
}

/** Compares line by line: only the version may differ. States that changed meanwhile are noted. */
export function compareStep(parts: StepParts): StepKind {
  return stepKind<UnitStepInput>({
    kind: 'updates.compare',
    input: unitStepInput,
    whenInterrupted: 'resume',
    inspect: () => Promise.resolve('not-done'),
    undo: null,
    run: async (context, input) => {
      const appliance = await openUnit(parts, context, input);
      const reading = await appliance.read(context.signal);
      const version = versionOf(reading, input.unitName, 'Compare');
      if (!isInstalled(version, input.fileName)) {
        throw notRestored(input, 'Compare', `It has ${version}, expected ${input.toVersion}.`);
      }
      const memory = memoryOf(context, input);
      const now = fingerprintOf(reading);
      const configuration = differences(linesOf(memory, 'configuration'), now.configuration);
      for (const line of configuration.gone) context.note(`- ${line}`, { code: true, level: 'warning' });
      for (const line of configuration.added) context.note(`+ ${line}`, { code: true, level: 'warning' });
      const count = configuration.gone.length + configuration.added.length;
      if (count > 0) throw notRestored(input, 'Compare', `${count} lines of the configuration differ.`);
      const state = differences(linesOf(memory, 'state'), now.state);
      for (const line of state.added) context.note(`Now: ${line}`);
      context.note('No difference but the version.');
      return 'done';
    },
  });
}

function memoryOf(context: StepContext, input: UnitStepInput): ReturnType<StepContext['recall']> {
  return context.recallOf(phaseStepId(input.unitId, 'readiness'));
}

function notRestored(input: UnitStepInput, step: string, reason: string): EvenkeelError {
  return new EvenkeelError('health_not_restored', {
    unit: input.unitName,
    step,
    reason,
    unchanged: input.peerName === null ? 'The update is installed.' : `${input.peerName} carries the traffic.`,
    advice: 'Look at the unit, then resume.',
  });
}
