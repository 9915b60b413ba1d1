import type { Kysely } from 'kysely';
import type { Schema } from '#engine/database/index';
import type { InventoryFace } from '#engine/inventory/index';
import type { PlainError } from '#shared/contract/plain-error';
import type { PlanStore } from '#engine/jobs/plan-store';
import type { ApplianceReading } from '#shared/domain/appliance/reading';
import type { DrFact, DrQuery, UnitJob } from '#shared/domain/overview/index';

/** Time as the poller sees it, so that tests can stand in for it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls once after so many milliseconds; gives back how to call it off. */
  after(milliseconds: number, call: () => void): () => void;
  /** 0 to 1. */
  random(): number;
}

/** What is locked by which job, as the overview shows it. */
export interface UnitJobs {
  of(unitId: string): UnitJob | null;
  /** Called after any change; gives back how to stop listening. */
  onChange(listener: () => void): () => void;
}

export interface OverviewDeps {
  readonly db: Kysely<Schema>;
  readonly inventory: InventoryFace;
  readonly plans: PlanStore;
  readonly jobs: UnitJobs;
  /** Reads one Windows server, keeps the state where `drOf` finds it, and tells when and what system it is. */
  readonly readWindows: (
    unitId: string,
    signal: AbortSignal,
  ) => Promise<{ readonly readAt: number; readonly osName: string | null }>;
  /** The server's side of Direct Routing, from what was read of it last. Reads nothing. */
  readonly drOf: (query: DrQuery) => DrFact;
  readonly logUnexpected: (error: unknown, step: string) => void;
  readonly clock: Clock;
}

/** What was read of an appliance, for other capabilities. */
export interface UnitReading {
  readonly unitId: string;
  readonly unitName: string;
  readonly reading: ApplianceReading;
  /** Not older than twice the poll interval, and the unit answers. */
  readonly fresh: boolean;
}

export interface ReadFailure {
  readonly unitId: string;
  readonly error: PlainError;
}
