import type { DrVerdict, OverviewNode, UnitNode } from '../../contract/overview';
import type { ErrorShape } from '../../errors';
import type { ApplianceReading } from '../appliance/reading';

/** A job that holds a unit. `updating`: it changes the unit's software, so that what the unit says now is expected. */
export interface UnitJob {
  readonly jobId: string;
  readonly number: number;
  readonly title: string;
  readonly fraction: number | null;
  readonly updating: boolean;
}

/** One unit of a pair with what was read of it. */
export interface UnitInput {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly role: UnitNode['role'];
  readonly version: string | null;
  readonly pollSeconds: number;
  /** The last reading that succeeded. */
  readonly reading: ApplianceReading | null;
  /** Reads that failed since then, in a row. */
  readonly failures: number;
  /** Was it tried since the program started? */
  readonly attempted: boolean;
  readonly error: ErrorShape | null;
  readonly job: UnitJob | null;
}

/** The server's side of Direct Routing of one real server in one service. */
export interface DrFact {
  readonly verdict: DrVerdict;
  readonly word: string;
  readonly readAt: number | null;
  /** Not read since the program started: nothing is concluded from it yet. */
  readonly pending: boolean;
}

export interface WindowsRef {
  readonly id: string;
  readonly name: string;
}

export interface PairInput {
  readonly pairId: string;
  readonly pairName: string;
  readonly siteId: string;
  readonly order: number;
  /** Primary first. */
  readonly units: readonly UnitInput[];
  /** The Windows server that has this address. */
  readonly windowsAt: (address: string) => WindowsRef | null;
  /** Asked only for services by Direct Routing. */
  readonly drOf: (query: DrQuery) => DrFact;
}

export interface DrQuery {
  readonly pairId: string;
  readonly windowsId: string | null;
  /** The real server's address. */
  readonly address: string;
  readonly service: { readonly name: string; readonly address: string; readonly ports: string };
}

export interface PairPicture {
  readonly nodes: ReadonlyMap<string, OverviewNode>;
  /** Nodes of which too little was read since the start to conclude anything: they make no history. */
  readonly unsettled: ReadonlySet<string>;
  /** Which services use which Windows server. */
  readonly links: ReadonlyMap<string, readonly { readonly serviceName: string; readonly label: string }[]>;
  /** The active unit, when it is known which it is. */
  readonly activeUnitId: string | null;
  /** When the picture changes without a new reading, because something grows stale. */
  readonly nextChangeAt: number | null;
}
