import { join } from 'node:path';
import type { JobCatalogue } from '#engine/jobs/step-kind';
import { ActiveRollouts } from './active-rollouts';
import type { UpdatesDeps } from './deps';
import { updateHandlers, type UpdateHandlers } from './handlers';
import { LiveUpdates } from './live';
import { rolloutPlanKind } from './rollout';
import { freeBytesOfFolder, ShelfFolder } from './shelf/folder';
import { Shelf } from './shelf/shelf';
import { backupStep } from './steps/backup';
import { digestStep } from './steps/digest';
import { failoverStep } from './steps/failover';
import { compareStep, healthStep } from './steps/health';
import { installStep } from './steps/install';
import { defaultTimes, type StepParts } from './steps/parts';
import { promptsStep } from './steps/prompts';
import { readinessStep } from './steps/readiness';
import { uploadStep } from './steps/upload';
import { ArchiveStore } from './store';

export interface Updates {
  readonly handlers: UpdateHandlers;
  /** The kinds of step and plan for the jobs. */
  readonly catalogue: JobCatalogue;
  /** Compares the shelf with its files. Call once, before jobs are resumed. */
  start(): Promise<void>;
  /** Stops listening to others. */
  close(): void;
}

/** The shelf of update archives and the rollout to a pair. */
export function createUpdates(deps: UpdatesDeps): Updates {
  const now = deps.now ?? Date.now;
  // The live set is told of changes by parts that it reads itself, so it is asked only once it is there.
  const changed = (): void => live.refresh();
  const rollouts = new ActiveRollouts(changed);
  const shelf = new Shelf({
    folder: new ShelfFolder(join(deps.dataFolder, 'shelf'), deps.localFreeBytes ?? freeBytesOfFolder),
    store: new ArchiveStore(deps.database),
    audit: deps.audit,
    practice: deps.practice,
    now,
    changed,
  });
  const live = new LiveUpdates({ shelf, rollouts, units: deps.units, locks: deps.locks });
  const backupFolder = join(deps.dataFolder, 'backups');
  const parts: StepParts = {
    units: deps.units,
    shelf,
    rollouts,
    backupFolder,
    times: { ...defaultTimes, ...deps.times },
  };
  const owners = [deps.units.onChange(changed), deps.locks.onChange(changed)];
  return {
    handlers: updateHandlers({ shelf, live, units: deps.units, plans: deps.plans, rollouts, backupFolder, now }),
    catalogue: {
      steps: [
        readinessStep(parts),
        backupStep(parts),
        uploadStep(parts),
        digestStep(parts),
        installStep(parts),
        promptsStep(parts),
        healthStep(parts),
        compareStep(parts),
        failoverStep(parts),
      ],
      plans: [rolloutPlanKind(parts, { now, warn: deps.warn })],
    },
    start: async () => {
      await shelf.open();
      changed();
    },
    close: () => {
      for (const stop of owners) stop();
    },
  };
}
