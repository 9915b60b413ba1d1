import type { Keystore } from '#engine/desktop/index';
import { LiveMap, type HandlersOf } from '#engine/dispatch/index';
import type { Log } from '#engine/log/index';
import type { Overview } from '#engine/overview/index';
import type { InventoryItem } from '#shared/contract/inventory';
import type { SettingsStore } from '#engine/settings/index';
import type { EngineStatus } from '#shared/contract/system';

export interface StatusDeps {
  readonly version: string;
  readonly startedAt: number;
  readonly dataFolder: string;
  readonly keystore: Keystore;
  readonly inventory: { items(): readonly InventoryItem[] };
  readonly overview: Pick<Overview, 'health'>;
  readonly settings: SettingsStore;
  readonly log: Log;
  readonly practice: () => boolean;
}

export interface Status {
  readonly handlers: HandlersOf<'system.status', 'system.live'>;
  close(): void;
}

const refreshMs = 1_000;

/** What the engine is and does, for the status line. Refreshed once a second; equal values are told to nobody. */
export function createStatus(deps: StatusDeps): Status {
  const live = new LiveMap<EngineStatus>();
  const refresh = (): EngineStatus => {
    const status = read(deps);
    live.set('engine', status);
    return status;
  };
  const timer = setInterval(refresh, refreshMs);
  timer.unref();
  return {
    handlers: {
      calls: { 'system.status': () => Promise.resolve(refresh()) },
      streams: {
        'system.live': () => {
          refresh();
          return live;
        },
      },
    },
    close: () => clearInterval(timer),
  };
}

function read(deps: StatusDeps): EngineStatus {
  const items = deps.inventory.items();
  const { lastReadAt, lastError } = deps.overview.health();
  const unexpected = deps.log.lastError();
  const failure =
    lastError === null
      ? null
      : { at: lastError.at, text: `${lastError.unitName}: ${lastError.error.message.replace(/\.$/, '')}`, logId: '' };
  const newest = unexpected !== null && unexpected.at > (failure?.at ?? 0) ? unexpected : failure;
  const count = (kind: 'appliance' | 'windows') => {
    const all = items.filter((item) => item.kind === kind);
    return { total: all.length, read: all.filter((item) => item.readAt !== null && item.error === null).length };
  };
  return {
    version: deps.version,
    startedAt: deps.startedAt,
    dataFolder: deps.dataFolder,
    operator: deps.settings.get().operator,
    secrets: deps.keystore.state(),
    appliances: count('appliance'),
    windows: count('windows'),
    practice: deps.practice(),
    lastReadAt,
    lastError: newest === null ? null : { at: newest.at, text: newest.text, logId: newest.logId },
  };
}
