import { rm, writeFile } from 'node:fs/promises';
import type { Appliance, InstallOutcome } from '#engine/appliance/index';
import { stepKind, type StepContext, type StepKind } from '#engine/jobs/step-kind';
import type { ApplianceReading } from '#shared/domain/appliance/reading';
import { unitStepInput, type UnitStepInput } from '#shared/domain/updates/step-input';
import { isInstalled } from '#shared/domain/updates/version-rule';
import { EvenkeelError } from '#shared/errors';
import { RateMeter } from '../rate-meter';
import { mergePrompts, promptsOf, promptText } from './prompt-list';
import { isUnreachable, openUnit, readOrNull, readUntil, type StepParts } from './parts';
import { unstage } from './stage';

/**
 * Installs by the unit's own form. Once all of it is sent, the request is not given up when the job is cancelled: the
 * unit's WebUI must not be left while an update is ongoing [G]. When the answer is lost, also by a crash of this
 * program, the unit's version tells, and before anything is sent again its page must offer the form again.
 */
export function installStep(parts: StepParts): StepKind {
  return stepKind<UnitStepInput>({
    kind: 'updates.install',
    input: unitStepInput,
    // Running again is safe: it looks at what the first run left before it sends anything.
    whenInterrupted: 'resume',
    inspect: async (context, input) => {
      const appliance = await openUnit(parts, context, input);
      const reading = await appliance.read(context.signal);
      if (!isInstalled(reading.version, input.fileName)) return 'not-done';
      await context.remember({ prompts: promptsOf(reading.pendingRestarts) });
      return 'done';
    },
    undo: null,
    run: async (context, input) => {
      const appliance = await openUnit(parts, context, input);
      const before = await afterInterruption(parts, context, appliance, input);
      if (isInstalled(before.version, input.fileName)) {
        context.note(`It has ${input.toVersion} now.`);
        await context.remember({ prompts: promptsOf(before.pendingRestarts) });
        return context.recall().sent === true ? 'done' : 'skipped';
      }
      if (input.stagedPath !== null) {
        // The form brings a copy of its own: this one has done its work and gives the room back.
        await unstage(appliance, input.stagedPath, context.signal);
      }
      await context.remember({ sent: true });
      const steadfast = untilEngineStops(context.signal);
      const outcome = await send(parts, context, appliance, input, steadfast);
      await settle(parts, context, appliance, input, outcome, steadfast);
      return 'done';
    },
  });
}

/** An update that an earlier run began is waited for: while it runs, the page of the unit offers no form [I]. */
async function afterInterruption(
  parts: StepParts,
  context: StepContext,
  appliance: Appliance,
  input: UnitStepInput,
): Promise<ApplianceReading> {
  const before = await appliance.read(context.signal);
  if (context.recall().sent !== true) return before;
  const isNew = ({ version }: ApplianceReading): boolean => isInstalled(version, input.fileName);
  if (isNew(before) || (await offersForm(appliance, context.signal))) return before;
  context.note('An update is running on the unit. Waiting for its end.');
  const limits = { withinMs: parts.times.installMs, pollMs: parts.times.pollMs, signal: context.signal };
  const after = await readUntil(appliance, isNew, limits);
  if (!after) throw notUpdated(input, null, before.version);
  return after;
}

async function offersForm(appliance: Appliance, signal: AbortSignal): Promise<boolean> {
  try {
    await appliance.readUpdateForm(signal);
    return true;
  } catch (error) {
    if (error instanceof EvenkeelError && error.code === 'form_not_understood') return false;
    throw error;
  }
}

/** Aborts with the engine only; a cancelled job does not end what runs on the unit. */
function untilEngineStops(signal: AbortSignal): AbortSignal {
  const steadfast = new AbortController();
  const look = (): void => {
    const { reason } = signal as { reason: unknown };
    if (reason instanceof EvenkeelError && reason.code === 'engine_lost') steadfast.abort(reason);
  };
  if (signal.aborted) look();
  else signal.addEventListener('abort', look, { once: true });
  return steadfast.signal;
}

/** `null`: the answer was lost after everything had been sent. */
async function send(
  parts: StepParts,
  context: StepContext,
  appliance: Appliance,
  input: UnitStepInput,
  steadfast: AbortSignal,
): Promise<InstallOutcome | null> {
  const meter = new RateMeter(
    () => context.now(),
    (progress) => context.progress(progress),
  );
  const sending = new AbortController();
  const sent = { all: false };
  const stop = (): void => {
    if (!sent.all || steadfast.aborted) sending.abort(context.signal.reason);
  };
  if (context.signal.aborted) stop();
  context.signal.addEventListener('abort', stop);
  steadfast.addEventListener('abort', stop);
  const checksumFile = `${parts.shelf.fileOf(input.archiveId)}.${context.jobId.replace(/[^A-Za-z0-9-]/g, '')}.checksum`;
  try {
    // The bare digest, as the vendor ships it [V].
    await writeFile(checksumFile, `${input.checksum.value}\n`, { mode: 0o600 });
    return await appliance.installUpdate(
      {
        archive: { path: parts.shelf.fileOf(input.archiveId), name: input.fileName, bytes: input.bytes },
        checksum: { path: checksumFile, name: `${input.fileName}.${input.checksum.algorithm}` },
        installTimeoutMs: parts.times.installMs,
        onProgress: ({ bytes, total }) => {
          sent.all ||= bytes >= (total ?? input.bytes);
          meter.update(bytes, total ?? input.bytes);
        },
      },
      sending.signal,
    );
  } catch (error) {
    if (!sent.all || !isUnreachable(error)) throw unchangedIfNotSent(error, sent.all, input);
    context.note('The answer was lost. Reading the version until it tells.', { level: 'warning' });
    return null;
  } finally {
    context.signal.removeEventListener('abort', stop);
    steadfast.removeEventListener('abort', stop);
    await rm(checksumFile, { force: true });
  }
}

function unchangedIfNotSent(error: unknown, allSent: boolean, input: UnitStepInput): unknown {
  if (allSent || !(error instanceof EvenkeelError)) return error;
  return error.with({ unchanged: `${input.unitName} has ${input.fromVersion}: the archive did not arrive whole.` });
}

async function settle(
  parts: StepParts,
  context: StepContext,
  appliance: Appliance,
  input: UnitStepInput,
  outcome: InstallOutcome | null,
  steadfast: AbortSignal,
): Promise<void> {
  for (const message of outcome?.messages ?? []) context.note(message);
  const limits = { withinMs: parts.times.installMs, pollMs: parts.times.pollMs, signal: steadfast };
  const isNew = (version: string | null): boolean => isInstalled(version, input.fileName);
  const reading =
    outcome === null
      ? await readUntil(appliance, ({ version }) => isNew(version), limits)
      : await readOrNull(appliance, steadfast);
  if (reading && !isNew(reading.version)) throw notUpdated(input, outcome, reading.version);
  if (!reading && outcome?.completed !== true) throw notUpdated(input, outcome, null);
  if (outcome !== null && !outcome.completed) {
    context.note('The unit did not say that the update was completed; its version says so.', { level: 'warning' });
  }
  const asked = outcome?.prompts.map(promptText) ?? [];
  const pending = promptsOf(reading?.pendingRestarts ?? []);
  await context.remember({ prompts: mergePrompts(asked, pending) });
  const now = reading === null ? 'It says that the update was completed; its version is read when it is back.' : null;
  context.note(now ?? `${input.fromVersion} to ${reading?.version ?? 'an unknown version'}.`);
}

function notUpdated(input: UnitStepInput, outcome: InstallOutcome | null, version: string | null): EvenkeelError {
  return new EvenkeelError('update_failed', {
    unit: input.unitName,
    step: 'Install',
    messages: outcome?.messages.slice(0, 20) ?? [],
    reason: version === null ? 'Its version could not be read.' : `It has ${version}, expected ${input.toVersion}.`,
    unchanged: input.peerName === null ? 'The backup is on this computer.' : `${input.peerName} carries the traffic.`,
    advice: 'Look at the unit’s own WebUI before resuming.',
  });
}
