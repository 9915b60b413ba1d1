import { stepKind, type StepKind } from '#engine/jobs/step-kind';
import { algorithmName, type Checksum } from '#shared/domain/updates/checksum-file';
import { unitStepInput, type UnitStepInput } from '#shared/domain/updates/step-input';
import { EvenkeelError } from '#shared/errors';
import { openUnit, type StepParts } from './parts';
import { stageArchive, unstage } from './stage';

/** The unit digests its copy with its own tools. A copy that differs is removed, so that the next try sends it anew. */
export function digestStep(parts: StepParts): StepKind {
  return stepKind<UnitStepInput>({
    kind: 'updates.digest',
    input: unitStepInput,
    whenInterrupted: 'resume',
    inspect: () => Promise.resolve('not-done'),
    undo: null,
    run: async (context, input) => {
      const path = input.stagedPath;
      if (path === null) return 'skipped';
      const appliance = await openUnit(parts, context, input);
      if ((await appliance.stat(path, context.signal)) === null) {
        await stageArchive(parts, context, appliance, input, path);
      }
      for (const wanted of wantedOf(input)) {
        const found = await appliance.digest(path, wanted.algorithm, context.signal);
        context.note(`${algorithmName(wanted.algorithm)} ${found}`, { code: true });
        if (found === wanted.value) continue;
        await unstage(appliance, path, context.signal);
        throw new EvenkeelError('upload_damaged', {
          unit: input.unitName,
          step: 'Digest',
          reason: `${algorithmName(wanted.algorithm)} on the unit is ${found}, of the archive ${wanted.value}.`,
          unchanged: 'Nothing was installed; the damaged copy was removed.',
          advice: 'Resume: the archive is sent again.',
        });
      }
      context.note(
        `${wantedOf(input)
          .map((wanted) => algorithmName(wanted.algorithm))
          .join(' and ')} as on the shelf.`,
      );
      return 'done';
    },
  });
}

function wantedOf(input: UnitStepInput): readonly Checksum[] {
  const own: Checksum = { algorithm: 'sha256', value: input.sha256 };
  return input.checksum.algorithm === 'sha256' ? [own] : [input.checksum, own];
}
