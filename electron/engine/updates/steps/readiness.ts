import type { Appliance } from '#engine/appliance/index';
import { stepKind, type StepContext, type StepKind } from '#engine/jobs/step-kind';
import { configurationTold } from '#shared/domain/appliance/configuration-told';
import type { ApplianceReading } from '#shared/domain/appliance/reading';
import { bytesText } from '#shared/domain/updates/estimates';
import { fingerprintOf } from '#shared/domain/updates/fingerprint';
import { stagedFolder } from '#shared/domain/updates/rollout-steps';
import { unitStepInput, type UnitStepInput } from '#shared/domain/updates/step-input';
import { isSameVersion } from '#shared/domain/updates/version-rule';
import { EvenkeelError, type ErrorCode } from '#shared/errors';
import { openUnit, type StepParts } from './parts';

/** Room on the unit beside the archive. */
const spareBytes = 256 * 1024 * 1024;
const clockLimitSeconds = 60;

/**
 * Checks everything that can be known before the unit is touched, and remembers its state for Health and Compare. An
 * error stops the rollout; a warning is noted.
 */
export function readinessStep(parts: StepParts): StepKind {
  return stepKind<UnitStepInput>({
    kind: 'updates.readiness',
    input: unitStepInput,
    whenInterrupted: 'resume',
    inspect: () => Promise.resolve('not-done'),
    undo: null,
    run: async (context, input) => {
      const appliance = await openUnit(parts, context, input);
      const checks = new Checks(context, input);
      const reading = await appliance.read(context.signal);
      checkUnit(checks, reading, input);
      if (input.peerId !== null) {
        checkPeer(checks, await (await parts.units.open(input.peerId)).read(context.signal), input);
      }
      await checkSpace(checks, appliance, input, context.signal);
      const form = await appliance.readUpdateForm(context.signal);
      checks.passed(`The update form was understood: ${form.archiveField} and ${form.checksumField}.`);
      await parts.shelf.verify(input.archiveId, context.signal, (done) => {
        context.progress({ done, total: input.bytes, unit: 'bytes', rate: null, remainingSeconds: null });
      });
      checks.passed('The archive on this computer has the SHA-256 it was shelved with.');
      const { configuration, state } = fingerprintOf(reading);
      await context.remember({ configuration, state, version: reading.version });
      context.note(checks.summary());
      return 'done';
    },
  });
}

/** Counts checks and notes each of them. */
class Checks {
  private count = 0;
  private warnings = 0;

  constructor(
    private readonly context: StepContext,
    private readonly input: UnitStepInput,
  ) {}

  passed(text: string): void {
    this.count += 1;
    this.context.note(text);
  }

  warn(text: string): void {
    this.count += 1;
    this.warnings += 1;
    this.context.note(text, { level: 'warning' });
  }

  fail(code: ErrorCode, advice: string): never {
    throw new EvenkeelError(code, {
      unit: this.input.unitName,
      step: 'Readiness',
      unchanged: `${this.input.unitName} was not touched.`,
      advice,
    });
  }

  summary(): string {
    const tail = this.warnings === 0 ? '' : `, ${this.warnings} with a warning`;
    return `${this.count} of ${this.count} checks${tail}.`;
  }
}

function checkUnit(checks: Checks, reading: ApplianceReading, input: UnitStepInput): void {
  checks.passed(`${input.unitName} answers over ${reading.via}.`);
  if (!configurationTold(reading)) checks.fail('answer_not_understood', 'Its configuration could not be read.');
  if (!isSameVersion(reading.version, input.fromVersion)) {
    checks.fail(
      'plan_outdated',
      `It has ${reading.version ?? 'an unknown version'}, planned from ${input.fromVersion}.`,
    );
  }
  checks.passed(`Its version is ${input.fromVersion}.`);
  if (input.peerId !== null) {
    if (reading.ha.state !== 'passive') {
      checks.fail('pair_not_ready', `It is ${reading.ha.state ?? 'in an unknown state'}; it must stand by.`);
    }
    checks.passed('It stands by.');
    if (reading.ha.peerAlive === false) checks.warn('Heartbeat does not hear the peer.');
    else if (reading.ha.peerAlive === null) checks.warn('Whether Heartbeat hears the peer could not be read.');
    else checks.passed('Heartbeat hears the peer.');
  }
  const failed = reading.services.flatMap((service) =>
    service.realServers
      .filter((server) => server.status === 'failed')
      .map((server) => `${service.name}/${server.name}`),
  );
  const unread = reading.services.flatMap((service) => service.realServers.filter(({ status }) => status === null));
  if (failed.length > 0) checks.warn(`Failed before the update: ${failed.join(', ')}.`);
  else if (unread.length > 0) checks.passed(`${unread.length} real servers are not checked by this unit now.`);
  else checks.passed(`${reading.services.length} services read, no failed real server.`);
  const offset = reading.clockOffsetSeconds;
  if (offset !== null && Math.abs(offset) > clockLimitSeconds)
    checks.warn(`Its clock is ${Math.round(offset)} s ahead.`);
  if (reading.pendingRestarts.length > 0)
    checks.warn(`It asks to restart ${reading.pendingRestarts.join(', ')} already.`);
}

function checkPeer(checks: Checks, peer: ApplianceReading, input: UnitStepInput): void {
  const name = input.peerName ?? 'the peer';
  if (peer.ha.state !== 'active') {
    checks.fail('pair_not_ready', `${name} is ${peer.ha.state ?? 'in an unknown state'}; it must carry the traffic.`);
  }
  checks.passed(`${name} carries the traffic.`);
}

async function checkSpace(
  checks: Checks,
  appliance: Appliance,
  input: UnitStepInput,
  signal: AbortSignal,
): Promise<void> {
  if (appliance.channelsFor('freeSpace').length === 0) {
    checks.warn('Its free space cannot be read without SSH.');
    return;
  }
  const space = await appliance.freeSpace(stagedFolder(input.stagedPath), signal);
  const needed = input.bytes + spareBytes;
  if (space.freeBytes < needed) {
    checks.fail('remote_disk_full', `It needs ${bytesText(needed)}; ${bytesText(space.freeBytes)} are free.`);
  }
  checks.passed(`${bytesText(space.freeBytes)} are free, ${bytesText(needed)} are needed.`);
}
