import { EvenkeelError } from '../../errors';
import type { ArchiveName } from './archive-name';
import { updateRule } from './version-rule';

/** A unit as it was read for the plan. */
export interface RolloutUnit {
  readonly id: string;
  readonly name: string;
  readonly role: 'primary' | 'secondary' | 'single' | null;
  readonly haState: 'active' | 'passive' | null;
  /** `null`: it could not be read. */
  readonly version: string | null;
  readonly peerAlive: boolean | null;
  readonly practice: boolean;
  readonly stageable: boolean;
  readonly services: readonly string[];
  readonly realServers: number;
  readonly floatingAddresses: readonly string[];
  readonly configuration: readonly string[];
  /** What was in service, as lines. */
  readonly state: readonly string[];
  readonly form: FormFacts;
}

/** The live form in words, for the plan's exact request. */
export interface FormFacts {
  readonly action: string;
  readonly archiveField: string;
  readonly checksumField: string;
  readonly otherFields: readonly string[];
}

/** One stretch of the rollout. */
export type RolloutStretch =
  | { readonly kind: 'update'; readonly unit: RolloutUnit; readonly peer: RolloutUnit | null }
  | { readonly kind: 'failover'; readonly from: RolloutUnit; readonly to: RolloutUnit };

export interface RolloutOrder {
  readonly stretches: readonly RolloutStretch[];
  readonly warnings: readonly string[];
}

/**
 * Passive unit first, then one failover, then the unit that was active [U]: traffic never rests on a unit under update.
 * A unit that has the version already is passed over. Throws `stale_reading`, `pair_not_ready`, `unit_unsupported` or
 * `archive_downgrade`.
 */
export function orderRollout(units: readonly RolloutUnit[], archive: ArchiveName): RolloutOrder {
  const wanted = units.filter((unit) => needsUpdate(unit, archive));
  const first = units[0];
  if (!first || wanted.length === 0) {
    const versions = units.map((unit) => `${unit.name} has ${unit.version ?? 'an unknown version'}`).join(', ');
    throw new EvenkeelError('archive_downgrade', {
      ...(first ? { unit: first.name } : {}),
      step: 'plan',
      unchanged: 'Nothing was sent.',
      advice: `${versions}; the archive holds ${archive.version}.`,
    });
  }
  if (units.length === 1) return orderSingle(first);
  const { active, passive } = sides(units);
  const stretches: RolloutStretch[] = [];
  if (wanted.includes(passive)) stretches.push({ kind: 'update', unit: passive, peer: active });
  if (wanted.includes(active)) {
    stretches.push({ kind: 'failover', from: active, to: passive });
    stretches.push({ kind: 'update', unit: active, peer: passive });
  }
  return { stretches, warnings: pairWarnings(active, passive, wanted, archive) };
}

function orderSingle(unit: RolloutUnit): RolloutOrder {
  if (unit.role !== 'single') {
    throw new EvenkeelError('pair_not_ready', {
      unit: unit.name,
      step: 'plan',
      unchanged: 'Nothing was sent.',
      advice: 'Add the other unit of the pair to the inventory, so that it can carry the traffic meanwhile.',
    });
  }
  const warning = `${unit.name} has no peer: its services may be interrupted while it installs and restarts.`;
  return { stretches: [{ kind: 'update', unit, peer: null }], warnings: [warning] };
}

/** Does the unit need the archive? Throws when it must not get it or cannot tell. */
function needsUpdate(unit: RolloutUnit, archive: ArchiveName): boolean {
  const rule = updateRule(unit.version, archive.parsed);
  const details = { unit: unit.name, step: 'plan', unchanged: 'Nothing was sent.' };
  switch (rule) {
    case 'newer':
      return true;
    case 'same':
      return false;
    case 'unreadable':
      throw new EvenkeelError('stale_reading', {
        ...details,
        advice: `The version of ${unit.name} could not be read.`,
      });
    case 'unsupported':
      throw new EvenkeelError('unit_unsupported', {
        ...details,
        advice: `It has ${unit.version ?? 'an unknown version'}. Versions from 8.9.1 are supported.`,
      });
    case 'downgrade':
      throw new EvenkeelError('archive_downgrade', {
        ...details,
        advice: `It has ${unit.version ?? 'an unknown version'}, the archive holds ${archive.version}.`,
      });
  }
}

function sides(units: readonly RolloutUnit[]): { readonly active: RolloutUnit; readonly passive: RolloutUnit } {
  const unread = units.find((unit) => unit.haState === null);
  if (unread) {
    throw new EvenkeelError('stale_reading', {
      unit: unread.name,
      step: 'plan',
      unchanged: 'Nothing was sent.',
      advice: `Whether ${unread.name} is active or passive could not be read.`,
    });
  }
  const active = units.find((unit) => unit.haState === 'active');
  const passive = units.find((unit) => unit.haState === 'passive');
  if (units.length === 2 && active && passive) return { active, passive };
  throw new EvenkeelError('pair_not_ready', {
    unit: units.map((unit) => unit.name).join(', '),
    step: 'plan',
    unchanged: 'Nothing was sent.',
    advice: units.map((unit) => `${unit.name} says it is ${unit.haState ?? 'unknown'}.`).join(' '),
  });
}

function pairWarnings(
  active: RolloutUnit,
  passive: RolloutUnit,
  wanted: readonly RolloutUnit[],
  archive: ArchiveName,
): string[] {
  const warnings: string[] = [];
  if (active.version !== passive.version) {
    warnings.push(
      `The units differ now: ${active.name} has ${active.version ?? '?'}, ${passive.name} has ${passive.version ?? '?'}.`,
    );
  }
  for (const unit of [passive, active]) {
    if (!wanted.includes(unit)) warnings.push(`${unit.name} has ${archive.version} already and is not updated.`);
    if (unit.peerAlive === false) warnings.push(`${unit.name} does not hear its peer: the failover may not happen.`);
  }
  if (wanted.includes(active)) {
    warnings.push(
      `${passive.name} carries the traffic afterwards. Falling back to ${active.name} is a step of its own.`,
    );
  }
  return warnings;
}
