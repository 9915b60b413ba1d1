import { randomUUID } from 'node:crypto';
import type { HandlersOf } from '#engine/dispatch/index';
import { nothingSent } from '#engine/jobs/nothing-sent';
import type { PlanStore } from '#engine/jobs/plan-store';
import { planRollout, usableArchive } from '#shared/domain/updates/rollout-plan';
import { EvenkeelError } from '#shared/errors';
import type { ActiveRollouts } from './active-rollouts';
import { rolloutCommands } from './commands';
import type { UpdateUnits } from './deps';
import type { LiveUpdates } from './live';
import { readPair } from './read';
import type { Shelf } from './shelf/shelf';

export type UpdateHandlers = HandlersOf<
  'updates.list' | 'updates.shelve' | 'updates.addChecksum' | 'updates.remove' | 'updates.plan',
  'updates.live'
>;

interface HandlerParts {
  readonly shelf: Shelf;
  readonly live: LiveUpdates;
  readonly units: UpdateUnits;
  readonly plans: PlanStore;
  readonly rollouts: ActiveRollouts;
  readonly backupFolder: string;
  readonly now: () => number;
}

export function updateHandlers(parts: HandlerParts): UpdateHandlers {
  const { shelf, live, units } = parts;
  return {
    calls: {
      'updates.list': () => Promise.resolve(live.all()),
      'updates.shelve': async ({ archive, checksum }, { operator, signal }) =>
        live.archive(await shelf.shelve(archive, checksum, operator, signal)),
      'updates.addChecksum': async ({ archiveId, checksum }, { operator, signal }) =>
        live.archive(await shelf.addChecksum(archiveId, checksum, operator, signal)),
      'updates.remove': async ({ archiveId }, { operator }) => {
        const { fileName } = shelf.get(archiveId);
        if (parts.rollouts.unitsUsing(archiveId).length > 0) {
          throw new EvenkeelError('conflict', { archive: fileName, step: 'shelf' }, 'A rollout uses this archive now.');
        }
        await shelf.remove(archiveId, operator);
        return {};
      },
      'updates.plan': async ({ archiveId, pairId }, { signal }) => {
        const archive = shelf.get(archiveId);
        const known = units.list().filter((unit) => unit.pairId === pairId);
        const first = known[0];
        if (!first) throw new EvenkeelError('not_found', { step: 'plan', advice: 'There is no pair of this id.' });
        // An archive that must not be used is refused before anything is asked of the units.
        usableArchive(archive);
        const plan = planRollout({
          planId: randomUUID(),
          now: parts.now(),
          archive,
          pairId,
          pairName: first.pairName,
          units: await nothingSent(readPair(units, known, signal)),
          backupFolder: parts.backupFolder,
          commands: rolloutCommands,
        });
        return parts.plans.keep(plan);
      },
    },
    streams: { 'updates.live': () => live.items },
  };
}
