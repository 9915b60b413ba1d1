import type { PracticeFault } from '#shared/contract/practice';

type FaultOf<K extends PracticeFault['kind']> = Extract<PracticeFault, { kind: K }>;

/** The faults of one unit. A second fault of the same kind replaces the first; failing checks add up. */
export class FaultBook {
  private faults: readonly PracticeFault[] = [];

  list(): readonly PracticeFault[] {
    return this.faults;
  }

  find<K extends PracticeFault['kind']>(kind: K): FaultOf<K> | null {
    return this.faults.find((fault): fault is FaultOf<K> => fault.kind === kind) ?? null;
  }

  /** What happens once has happened. */
  drop(kind: PracticeFault['kind']): void {
    this.faults = this.faults.filter((item) => item.kind !== kind);
  }

  set(fault: PracticeFault): void {
    if (fault.kind === 'clear') this.faults = [];
    else {
      const others = this.faults.filter((item) => item.kind !== fault.kind || fault.kind === 'failing-check');
      this.faults = [...others, fault];
    }
  }
}
