import type { UnitLocks } from '#engine/jobs/plan-store';
import { LiveMap } from '#engine/dispatch/index';
import type { ArchiveItem, UpdateItem, UpdateUnit } from '#shared/contract/updates';
import { isInstalled } from '#shared/domain/updates/version-rule';
import type { ActiveRollouts } from './active-rollouts';
import type { KnownUnit, UpdateUnits } from './deps';
import type { Shelf } from './shelf/shelf';
import type { StoredArchive } from './store';

interface LiveParts {
  readonly shelf: Shelf;
  readonly units: Pick<UpdateUnits, 'list'>;
  readonly locks: UnitLocks;
  readonly rollouts: ActiveRollouts;
}

/** Shelf and units as views see them, made anew after every change; only differences are told. */
export class LiveUpdates {
  readonly items = new LiveMap<UpdateItem>();

  constructor(private readonly parts: LiveParts) {}

  refresh(): void {
    this.items.replace(new Map(this.all().map((item) => [`${item.kind}:${item.id}`, item])));
  }

  all(): UpdateItem[] {
    const { shelf, units } = this.parts;
    const known = units.list();
    return [
      ...shelf.list().map((archive) => this.archive(archive, known)),
      ...shelf.underway().map((shelving) => ({ kind: 'shelving' as const, ...shelving })),
      ...known.map((unit, order) => this.unit(unit, order)),
    ];
  }

  archive(archive: StoredArchive, known: readonly KnownUnit[] = this.parts.units.list()): ArchiveItem {
    const holders = this.parts.rollouts.unitsUsing(archive.id).map((unitId) => this.parts.locks.holder(unitId));
    return {
      kind: 'archive',
      id: archive.id,
      fileName: archive.fileName,
      version: archive.version,
      innerVersion: archive.innerVersion,
      bytes: archive.bytes,
      sha256: archive.sha256,
      checksum: archive.checksum === null ? null : { ...archive.checksum },
      verdict: archive.verdict,
      verdictText: archive.verdictText,
      addedBy: archive.addedBy,
      addedAt: archive.addedAt,
      usedByJob: holders.find((holder) => holder !== null)?.number ?? null,
      installedOn: known.filter((unit) => isInstalled(unit.version, archive.fileName)).map((unit) => unit.name),
      practice: archive.practice,
    };
  }

  private unit(unit: KnownUnit, order: number): UpdateUnit {
    const { id, name, pairId, pairName, role, haState, version, notice, licence, readAt, stale } = unit;
    const jobId = this.parts.locks.holder(id)?.jobId ?? null;
    return {
      kind: 'unit',
      id,
      name,
      pairId,
      pairName,
      role,
      haState,
      version,
      notice,
      licence,
      readAt,
      stale,
      jobId,
      order,
    };
  }
}
