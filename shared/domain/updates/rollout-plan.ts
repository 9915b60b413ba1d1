import type { Plan, PlanChange, PlanStep } from '../../contract/plans';
import { EvenkeelError } from '../../errors';
import { parseArchiveName, type ArchiveName } from './archive-name';
import type { Checksum } from './checksum-file';
import type { ArchiveFault } from './verdict';
import { orderRollout, type RolloutStretch, type RolloutUnit } from './rollout-order';
import { failoverStep, unitSteps, type RolloutArchive, type RolloutCommands } from './rollout-steps';

/** The kind of plan and, with a phase, of its steps. */
export const rolloutKind = 'updates.rollout';

/** An archive as the shelf knows it. */
export interface ShelvedArchive {
  readonly id: string;
  readonly fileName: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly checksum: Checksum | null;
  readonly verdict: 'verified' | 'damaged' | 'no-checksum';
  readonly verdictText: string;
  /** Why it is damaged. */
  readonly fault: ArchiveFault | null;
  readonly practice: boolean;
}

export interface RolloutInput {
  readonly planId: string;
  readonly now: number;
  readonly archive: ShelvedArchive;
  readonly pairId: string;
  readonly pairName: string;
  readonly units: readonly RolloutUnit[];
  readonly backupFolder: string;
  readonly commands: RolloutCommands;
}

/**
 * The plan of an offline update of a pair or a single unit. Throws `checksum_missing`, `checksum_mismatch`,
 * `archive_damaged`, `archive_wrong_name`, `practice_mixed`, and what `orderRollout` throws.
 */
export function planRollout(input: RolloutInput): Plan {
  const { archive: name, checked } = usableArchive(input.archive);
  if (input.archive.practice && input.units.some((unit) => !unit.practice)) {
    throw new EvenkeelError('practice_mixed', {
      step: 'plan',
      advice: `${name.fileName} came from the practice site.`,
    });
  }
  const order = orderRollout(input.units, name);
  const steps = order.stretches.flatMap((stretch) => stepsOf(stretch, checked, input));
  return {
    id: input.planId,
    kind: rolloutKind,
    title: `Rollout of ${name.version} to ${input.pairName}`,
    effect: effectOf(order.stretches),
    drawnUpAt: input.now,
    unitIds: input.units.map((unit) => unit.id),
    steps,
    changes: changesOf(input.units, order.stretches, name.version),
    warnings: [...order.warnings, ...unstaged(order.stretches)],
    onFailure: 'stop',
    confirmName: input.pairName,
    basis: basisOf(input, name),
    practice: input.units.some((unit) => unit.practice),
  };
}

/** Where an archive waits on a unit. The digest in the name keeps a resumed upload from mixing two files. */
export function stagedPathOf(archive: Pick<ShelvedArchive, 'fileName' | 'sha256'>): string {
  return `/var/tmp/evenkeel-${archive.sha256.slice(0, 16)}-${archive.fileName}`;
}

/** Throws when this archive must not go onto any unit; else what a plan needs of it. */
export function usableArchive(archive: ShelvedArchive): {
  readonly archive: ArchiveName;
  readonly checked: RolloutArchive;
} {
  const details = { step: 'plan', archive: archive.fileName, unchanged: 'Nothing was sent.' };
  const name = parseArchiveName(archive.fileName);
  if (!name) throw new EvenkeelError('archive_wrong_name', details);
  const { checksum, verdict } = archive;
  if (verdict === 'damaged') {
    throw new EvenkeelError(archive.fault ?? 'archive_damaged', {
      ...details,
      advice: `${archive.verdictText} Ask support for it again.`,
    });
  }
  if (checksum === null) {
    throw new EvenkeelError('checksum_missing', { ...details, advice: 'Add the checksum file that came with it.' });
  }
  return { archive: name, checked: { ...archive, version: name.version, checksum } };
}

function stepsOf(stretch: RolloutStretch, archive: RolloutArchive, input: RolloutInput): PlanStep[] {
  if (stretch.kind === 'failover') return [failoverStep(stretch.from, stretch.to, input.commands)];
  return unitSteps({
    unit: stretch.unit,
    peer: stretch.peer,
    archive,
    stagedPath: stretch.unit.stageable ? stagedPathOf(archive) : null,
    backupFolder: input.backupFolder,
    commands: input.commands,
  });
}

function effectOf(stretches: readonly RolloutStretch[]): string {
  const failover = stretches.find((stretch) => stretch.kind === 'failover');
  const sentences = stretches.flatMap((stretch) => {
    if (stretch.kind === 'failover') return [];
    const { unit, peer } = stretch;
    return peer ? [`${peer.name} carries the traffic while ${unit.name} is updated.`] : [`${unit.name} is updated.`];
  });
  const last = failover ? 'One failover; connections of layer 7 services are cut by it.' : 'No failover.';
  return [...sentences, last].join(' ');
}

function changesOf(units: readonly RolloutUnit[], stretches: readonly RolloutStretch[], version: string): PlanChange[] {
  const updated = new Set(stretches.flatMap((stretch) => (stretch.kind === 'update' ? [stretch.unit.id] : [])));
  const failover = stretches.find((stretch) => stretch.kind === 'failover');
  return units.flatMap((unit) => {
    const before = unit.version ?? 'unknown';
    const after = updated.has(unit.id) ? version : before;
    const lines: PlanChange[] = [
      { unitName: unit.name, item: 'Software version', before, after, changed: before !== after },
    ];
    if (unit.haState !== null && units.length > 1) {
      const swapped = unit.haState === 'active' ? 'passive' : 'active';
      const then = failover ? swapped : unit.haState;
      lines.push({
        unitName: unit.name,
        item: 'State',
        before: unit.haState,
        after: then,
        changed: failover !== undefined,
      });
    }
    return lines;
  });
}

function unstaged(stretches: readonly RolloutStretch[]): string[] {
  return stretches.flatMap((stretch) =>
    stretch.kind === 'update' && !stretch.unit.stageable
      ? [`${stretch.unit.name} has no SSH: its copy of the archive cannot be digested before it is installed.`]
      : [],
  );
}

function basisOf(input: RolloutInput, name: ArchiveName): Plan['basis'] {
  return {
    archiveId: input.archive.id,
    sha256: input.archive.sha256,
    version: name.version,
    pairName: input.pairName,
    units: input.units.map((unit) => ({
      id: unit.id,
      name: unit.name,
      version: unit.version,
      haState: unit.haState,
      configuration: [...unit.configuration],
      state: [...unit.state],
    })),
  };
}
