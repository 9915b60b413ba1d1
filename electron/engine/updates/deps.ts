import type { Appliance } from '#engine/appliance/index';
import type { Database } from '#engine/database/index';
import type { PlanStore, UnitLocks } from '#engine/jobs/plan-store';

/** What the inventory and the last reading know of an appliance. */
export interface KnownUnit {
  readonly id: string;
  readonly name: string;
  readonly pairId: string;
  readonly pairName: string;
  readonly role: 'primary' | 'secondary' | 'single' | null;
  readonly haState: 'active' | 'passive' | null;
  readonly version: string | null;
  readonly notice: string | null;
  readonly licence: string | null;
  readonly readAt: number | null;
  readonly stale: boolean;
  readonly practice: boolean;
}

/** The appliances, whoever keeps them. */
export interface UpdateUnits {
  /** In the order in which they are shown. */
  list(): readonly KnownUnit[];
  /** Called after any change; gives back how to stop listening. */
  onChange(listener: () => void): () => void;
  /** The driver with its secrets. The owner of the inventory closes it. Throws `not_found`, `secrets_locked` … */
  open(unitId: string): Promise<Appliance>;
}

/** The audit log, as far as the shelf writes to it. */
export interface UpdateAudit {
  append(entry: {
    readonly who: string;
    readonly what: string;
    readonly subject: string;
    readonly details: Readonly<Record<string, string | number | boolean | null>>;
  }): Promise<unknown>;
}

/** Waits that tests make shorter. Milliseconds. */
export interface UpdateTimes {
  readonly pollMs: number;
  readonly failoverMs: number;
  readonly healthMs: number;
  readonly rebootMs: number;
  readonly installMs: number;
}

export interface UpdatesDeps {
  /** Holds the folders `shelf` and `backups`. */
  readonly dataFolder: string;
  readonly database: Pick<Database, 'kysely'>;
  readonly audit: UpdateAudit;
  readonly plans: PlanStore;
  readonly locks: UnitLocks;
  readonly units: UpdateUnits;
  /** Is the inventory that of the practice site now? Archives shelved meanwhile never go to real units. */
  readonly practice: () => boolean;
  /** What goes wrong outside any call, for the log. */
  readonly warn: (message: string, error?: unknown) => void;
  readonly now?: () => number;
  readonly times?: Partial<UpdateTimes>;
  /** Free bytes of the file system that holds a folder of this computer; tests give their own. */
  readonly localFreeBytes?: (folder: string) => Promise<number>;
}
