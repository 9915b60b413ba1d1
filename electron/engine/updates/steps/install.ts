import { rm, writeFile } from 'node:fs/promises';
import type { Appliance, InstallOutcome, RestartPrompt } from '#engine/appliance/index';
import { stepKind, type StepContext, type StepKind } from '#engine/jobs/step-kind';
import { unitStepInput, type UnitStepInput } from '#shared/domain/updates/step-input';
import { isSameVersion } from '#shared/domain/updates/version-rule';
import { EvenkeelError } from '#shared/errors';
import { RateMeter } from '../rate-meter';
import { isUnreachable, openUnit, readOrNull, readUntil, type StepParts } from './parts';
import { unstage } from './stage';

/**
 * Installs by the unit's own form. Once all of it is sent, the request is not given up when the job is cancelled: the
 * unit's WebUI must not be left while an update is ongoing [G]. When the answer is lost, the version tells.
 */
export function installStep(parts: StepParts): StepKind {
  return stepKind<UnitStepInput>({
    kind: 'updates.install',
    input: unitStepInput,
    whenInterrupted: 'ask',
    inspect: (context, input) => inspect(parts, context, input),
    undo: null,
    run: async (context, input) => {
      const appliance = await openUnit(parts, context, input);
      const before = await appliance.read(context.signal);
      if (isSameVersion(before.version, input.toVersion)) {
        context.note(`It has ${input.toVersion} already.`);
        await context.remember({ prompts: before.pendingRestarts.map((service) => `restart ${service}`) });
        return 'skipped';
      }
      if (input.stagedPath !== null) {
        // The form brings a copy of its own: this one has done its work and gives the room back.
        await unstage(appliance, input.stagedPath, context.signal);
      }
      await context.remember({ sent: true });
      const outcome = await send(parts, context, appliance, input);
      await settle(parts, context, appliance, input, outcome);
      return 'done';
    },
  });
}

/** New version: done. Old one while the form is offered again: no update is running, and it is safe to send anew. */
async function inspect(
  parts: StepParts,
  context: StepContext,
  input: UnitStepInput,
): Promise<'done' | 'not-done' | 'unknown'> {
  const appliance = await openUnit(parts, context, input);
  const reading = await appliance.read(context.signal);
  if (isSameVersion(reading.version, input.toVersion)) {
    await context.remember({ prompts: reading.pendingRestarts.map((service) => `restart ${service}`) });
    return 'done';
  }
  if (!isSameVersion(reading.version, input.fromVersion)) return 'unknown';
  if (context.recall().sent !== true) return 'not-done';
  // While an update runs the page shows no form [I]; a form that is not understood tells nothing.
  await appliance.readUpdateForm(context.signal);
  return 'not-done';
}

/** `null`: the answer was lost after everything had been sent. */
async function send(
  parts: StepParts,
  context: StepContext,
  appliance: Appliance,
  input: UnitStepInput,
): Promise<InstallOutcome | null> {
  const meter = new RateMeter(
    () => context.now(),
    (progress) => context.progress(progress),
  );
  const sending = new AbortController();
  const sent = { all: false };
  const stop = (): void => {
    if (!sent.all || parts.closing.aborted) sending.abort(context.signal.reason);
  };
  context.signal.addEventListener('abort', stop);
  parts.closing.addEventListener('abort', stop);
  stopIfAborted(context.signal, stop);
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
    parts.closing.removeEventListener('abort', stop);
    await rm(checksumFile, { force: true });
  }
}

function stopIfAborted(signal: AbortSignal, stop: () => void): void {
  if (signal.aborted) stop();
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
): Promise<void> {
  for (const message of outcome?.messages ?? []) context.note(message);
  const limits = { withinMs: parts.times.installMs, pollMs: parts.times.pollMs, signal: parts.closing };
  const isNew = (version: string | null): boolean => isSameVersion(version, input.toVersion);
  const reading =
    outcome === null
      ? await readUntil(appliance, ({ version }) => isNew(version), limits)
      : await readOrNull(appliance, parts.closing);
  if (reading && !isNew(reading.version)) throw notUpdated(input, outcome, reading.version);
  if (!reading && outcome?.completed !== true) throw notUpdated(input, outcome, null);
  if (outcome !== null && !outcome.completed) {
    context.note('The unit did not say that the update was completed; its version says so.', { level: 'warning' });
  }
  const asked = outcome?.prompts.map(promptText) ?? [];
  const pending = (reading?.pendingRestarts ?? []).map((service) => `restart ${service}`);
  await context.remember({ prompts: withoutDoubles([...asked, ...pending]) });
  context.note(`${input.fromVersion} to ${reading?.version ?? input.toVersion}.`);
}

/** One prompt a service, the first that was met. */
function withoutDoubles(prompts: readonly string[]): readonly string[] {
  const serviceOf = (prompt: string): string => prompt.slice(prompt.indexOf(' ') + 1);
  return prompts.filter((prompt, at) => prompts.findIndex((other) => serviceOf(other) === serviceOf(prompt)) === at);
}

function promptText(prompt: RestartPrompt): string {
  return `${prompt.kind} ${prompt.service}`;
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
