import { stepKind, type StepKind } from '#engine/jobs/step-kind';
import { unitStepInput, type UnitStepInput } from '#shared/domain/updates/step-input';
import { openUnit, type StepParts } from './parts';
import { stageArchive, unstage } from './stage';

/**
 * Puts the archive beside the system on the unit, over SSH. The vendor's only known way to install is the WebUI's form,
 * which sends the archive itself [G], so this copy is not what is installed: it proves, before anything is installed,
 * that the archive arrives whole over this link and that the unit has the room, and it can be resumed, which a form
 * cannot. The price is a second transfer. Without SSH on the unit the plan has neither this step nor Digest.
 */
export function uploadStep(parts: StepParts): StepKind {
  return stepKind<UnitStepInput>({
    kind: 'updates.upload',
    input: unitStepInput,
    whenInterrupted: 'resume',
    inspect: async (context, input) => {
      if (input.stagedPath === null) return 'done';
      const appliance = await openUnit(parts, context, input);
      // It has this name only once it is complete.
      const there = await appliance.stat(input.stagedPath, context.signal);
      return there?.bytes === input.bytes ? 'done' : 'not-done';
    },
    run: async (context, input) => {
      if (input.stagedPath === null) return 'skipped';
      const appliance = await openUnit(parts, context, input);
      // From here on there may be a part on the unit to take away.
      await context.remember({ stagedPath: input.stagedPath });
      await stageArchive(parts, context, appliance, input, input.stagedPath);
      return 'done';
    },
    undo: async (context, input) => {
      if (input.stagedPath === null) return;
      await unstage(await openUnit(parts, context, input), input.stagedPath, context.signal);
      context.note(`Removed ${input.stagedPath}.`);
    },
  });
}
