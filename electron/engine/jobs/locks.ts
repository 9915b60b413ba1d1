import { EvenkeelError } from '#shared/errors';
import type { UnitLocks } from './plan-store';

export interface LockHolder {
  readonly jobId: string;
  readonly number: number;
  readonly title: string;
}

/** Which job holds which unit. A job takes all of its units or none. */
export class Locks implements UnitLocks {
  private readonly holders = new Map<string, LockHolder>();
  private readonly listeners = new Set<() => void>();

  /** Throws `unit_locked`, naming the job that holds the unit. */
  take(holder: LockHolder, unitIds: readonly string[], nameOf: (unitId: string) => string): void {
    this.check(unitIds, nameOf);
    for (const unitId of unitIds) this.holders.set(unitId, holder);
    this.tell();
  }

  /** Throws `unit_locked` when one of the units is held. */
  check(unitIds: readonly string[], nameOf: (unitId: string) => string): void {
    for (const unitId of unitIds) {
      const other = this.holders.get(unitId);
      if (other === undefined) continue;
      throw new EvenkeelError('unit_locked', {
        unit: nameOf(unitId),
        step: 'start the job',
        job: other.number,
        jobTitle: other.title,
        unchanged: 'everything',
        advice: `Wait until job ${other.number} has ended, or cancel it.`,
      });
    }
  }

  release(jobId: string): void {
    const held = [...this.holders].filter(([, holder]) => holder.jobId === jobId);
    for (const [unitId] of held) this.holders.delete(unitId);
    if (held.length > 0) this.tell();
  }

  holder(unitId: string): LockHolder | null {
    return this.holders.get(unitId) ?? null;
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
