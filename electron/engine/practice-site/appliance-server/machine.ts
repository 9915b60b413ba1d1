import type { PracticeClock } from '../clock';
import type { FaultBook } from '../faults';
import type { PracticeWorld } from '../world/index';
import type { UnitFiles } from './unit-files';

/** One practice appliance as its SSH commands and its WebUI see it. */
export interface Machine {
  readonly unitName: string;
  readonly world: PracticeWorld;
  readonly clock: PracticeClock;
  readonly faults: FaultBook;
  readonly files: UnitFiles;
  /** Ends when the practice site closes. */
  readonly signal: AbortSignal;
  readonly logins: MachineLogins;
  /** Restarts the unit: its listeners close for the time it takes. Returns at once. */
  restart(): void;
}

export interface MachineLogins {
  readonly ssh: { readonly username: string; readonly password: string };
  readonly webui: { readonly username: string; readonly password: string };
  readonly api: { readonly username: string; readonly password: string; readonly key: string };
}
