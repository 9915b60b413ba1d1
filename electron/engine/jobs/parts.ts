import type { Audit } from '#engine/audit/index';
import type { Desktop } from '#engine/desktop/index';
import type { Log } from '#engine/log/index';
import type { Catalogue } from './catalogue';
import type { Locks } from './locks';
import type { Records } from './record/index';
import type { JobStore } from './store';

/** What running a job needs. */
export interface JobParts {
  readonly store: JobStore;
  readonly catalogue: Catalogue;
  readonly locks: Locks;
  readonly audit: Audit;
  readonly records: Records;
  readonly desktop: Pick<Desktop, 'notify'>;
  readonly log: Log;
  readonly now: () => number;
  /** Aborts when the engine stops. */
  readonly stopped: AbortSignal;
}
