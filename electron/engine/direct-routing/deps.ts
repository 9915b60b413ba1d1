import type { Kysely } from 'kysely';
import type { Appliance } from '#engine/appliance/index';
import type { Dial } from '#engine/client-proof/index';
import type { Schema } from '#engine/database/index';
import type { PlanStore } from '#engine/jobs/index';
import type { WindowsServer } from '#engine/windows/index';
import type { PlanAction } from '#shared/contract/plans';
import type { VirtualServiceReading } from '#shared/domain/appliance/reading';
import type { Heard } from './wire-here';

/** A pair of appliances as Direct Routing needs to know it. */
export interface DrPair {
  readonly id: string;
  readonly name: string;
  readonly siteName: string;
  /** The unit that carries the traffic; `null` while that is not known. */
  readonly activeUnit: { readonly id: string; readonly name: string } | null;
  /** A unit on the segment that can be asked for ARP, and hears the active one: the passive unit. */
  readonly passiveUnit: { readonly id: string; readonly name: string } | null;
  /** Of the active unit's last reading; `null` when there is none. */
  readonly services: readonly VirtualServiceReading[] | null;
  /** The reading is fresh enough to act on. */
  readonly fresh: boolean;
  /** When the services were read. */
  readonly readAt: number | null;
  readonly practice: boolean;
}

/** A Windows server of the inventory. */
export interface DrServer {
  readonly id: string;
  readonly name: string;
  readonly addresses: readonly string[];
  readonly practice: boolean;
}

/** Who is there, and what the appliances say. In the order in which views show it. */
export interface DrEstate {
  pairs(): readonly DrPair[];
  servers(): readonly DrServer[];
  /** Called after any change; gives back how to stop listening. */
  onChange(listener: () => void): () => void;
  /** Reads appliances now. Does not throw for units that do not answer. */
  refresh(pairIds: readonly string[], signal: AbortSignal): Promise<void>;
}

export type DrAppliance = Pick<Appliance, 'name' | 'read' | 'drain' | 'online' | 'arping'>;

export interface DirectRoutingDeps {
  readonly db: Kysely<Schema>;
  readonly estate: DrEstate;
  /** The live object of a Windows server. */
  readonly windows: (windowsId: string) => Promise<WindowsServer>;
  /** How clients of a pair's services are played; on this computer's network unless given. */
  readonly dial?: (pair: DrPair) => Dial;
  /** Asks the segment from this computer; `null`: cannot be told from here. Not tried unless given. */
  readonly wireHere?: (address: string, signal: AbortSignal) => Promise<Heard | null>;
  readonly appliance: (unitId: string) => Promise<DrAppliance>;
  /** The exact text of a call of lbcli, by the channel that it will take. */
  readonly describeCall: (
    unitId: string,
    call: { readonly action: string } & Readonly<Record<string, string>>,
  ) => Promise<PlanAction>;
  readonly plans: PlanStore;
  /** The job that holds a unit. */
  readonly jobOf: (unitId: string) => string | null;
  /** The server's side of a Windows server is known better now; `null`: of all. */
  readonly changed: (windowsId: string | null) => void;
  readonly logUnexpected: (error: unknown, step: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How long existing connections may go on before a server is changed. */
  readonly drainSeconds: number;
  /** The same for practice servers, whose connections end by a clock of their own. Default 5, never more than the other. */
  readonly practiceDrainSeconds?: number;
  /** How long a unit that goes down, or another that takes over, is waited for; 120 s unless a test is in a hurry. */
  readonly failoverMs?: number;
  /** Between two looks at a unit while waiting for it; 1000 unless a test is in a hurry. */
  readonly askEveryMs?: number;
}
