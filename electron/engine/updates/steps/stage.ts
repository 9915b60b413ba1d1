import type { Appliance } from '#engine/appliance/index';
import type { StepContext } from '#engine/jobs/step-kind';
import { bytesText, uploadBudgetMs } from '#shared/domain/updates/estimates';
import type { UnitStepInput } from '#shared/domain/updates/step-input';
import { EvenkeelError } from '#shared/errors';
import { RateMeter } from '../rate-meter';
import { isUnreachable, pause, type StepParts } from './parts';

/** Cut links in a row, without a byte between them, before the step gives up and asks. */
const fruitlessLimit = 5;

/**
 * Copies the archive to the unit, going on after a cut link where it broke. The part's name carries the archive's digest
 * and the driver digests the source in the same pass, so that a resumed copy is never one of two files.
 */
export async function stageArchive(
  parts: StepParts,
  context: StepContext,
  appliance: Appliance,
  input: UnitStepInput,
  path: string,
): Promise<void> {
  const late = AbortSignal.timeout(uploadBudgetMs(input.bytes));
  const signal = AbortSignal.any([context.signal, late]);
  const meter = new RateMeter(
    () => context.now(),
    (progress) => context.progress(progress),
  );
  const startedAt = context.now();
  let reached = 0;
  let fruitless = 0;
  for (;;) {
    const before = reached;
    try {
      const sent = await appliance.upload(
        {
          source: parts.shelf.fileOf(input.archiveId),
          path,
          resume: true,
          sha256: input.sha256,
          onProgress: ({ bytes }) => {
            reached = Math.max(reached, bytes);
            meter.update(bytes, input.bytes);
          },
        },
        signal,
      );
      noteSent(context, sent.bytes, sent.resumedAt, context.now() - startedAt);
      return;
    } catch (error) {
      if (late.aborted && !context.signal.aborted) throw tooSlow(input);
      if (!isUnreachable(error) || context.signal.aborted) throw notInstalled(error);
      fruitless = reached > before ? 0 : fruitless + 1;
      if (fruitless >= fruitlessLimit) throw notInstalled(error);
      const percent = input.bytes === 0 ? 0 : Math.floor((reached / input.bytes) * 100);
      context.note(`Link lost at ${percent} %. Resuming.`, { level: 'warning' });
      await pause(parts.times.pollMs, signal);
    }
  }
}

function noteSent(context: StepContext, bytes: number, resumedAt: number, milliseconds: number): void {
  if (resumedAt > 0) context.note(`Resumed at ${bytesText(resumedAt)}, same SHA-256.`);
  const seconds = milliseconds / 1000;
  const rate = seconds > 0 ? ` at ${bytesText((bytes - resumedAt) / seconds)}/s` : '';
  context.note(`${bytesText(bytes)}${rate}.`);
}

const partStays = 'Nothing was installed. What arrived stays on the unit.';

function notInstalled(error: unknown): unknown {
  return error instanceof EvenkeelError ? error.with({ unchanged: partStays }) : error;
}

function tooSlow(input: UnitStepInput): EvenkeelError {
  return new EvenkeelError('deadline', {
    unit: input.unitName,
    step: 'Upload',
    unchanged: partStays,
    advice: 'Resume: it goes on where it stopped.',
  });
}

/** Takes the copy and its part away. */
export async function unstage(appliance: Appliance, path: string, signal: AbortSignal): Promise<void> {
  await appliance.removeFile(path, signal);
  await appliance.removeFile(`${path}.part`, signal);
}
