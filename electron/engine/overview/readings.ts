import type { ApplianceReading } from '#shared/domain/appliance/reading';
import type { ErrorShape } from '#shared/errors';

/** What reading a unit has given so far. */
export interface UnitState {
  readonly reading: ApplianceReading | null;
  readonly failures: number;
  readonly attempted: boolean;
  readonly error: ErrorShape | null;
}

const nothing: UnitState = { reading: null, failures: 0, attempted: false, error: null };

/** The last reading of each appliance: one a unit, so that the memory stays flat however long it runs. */
export class Readings {
  private readonly states = new Map<string, UnitState>();

  of(unitId: string): UnitState {
    return this.states.get(unitId) ?? nothing;
  }

  succeeded(unitId: string, reading: ApplianceReading): void {
    this.states.set(unitId, { reading, failures: 0, attempted: true, error: null });
  }

  failed(unitId: string, error: ErrorShape, failures: number): void {
    this.states.set(unitId, { ...this.of(unitId), failures, attempted: true, error });
  }

  /** A person changed the unit, for example by pinning it again: what went wrong before is over. */
  cleared(unitId: string): void {
    this.states.set(unitId, { ...this.of(unitId), failures: 0, error: null });
  }

  /** Drops every unit that is not among these. */
  keep(ids: ReadonlySet<string>): void {
    for (const id of [...this.states.keys()]) if (!ids.has(id)) this.states.delete(id);
  }
}
