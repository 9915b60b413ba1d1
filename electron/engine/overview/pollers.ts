import pLimit from 'p-limit';
import type { InventoryFace } from '#engine/inventory/index';
import type { InventoryItem } from '#shared/contract/inventory';
import { plainError } from '#shared/contract/plain-error';
import { EvenkeelError } from '#shared/errors';
import type { Clock, ReadFailure } from './types';
import { UnitPoller, type Outcome } from './unit-poller';

const appliancesAtOnce = 16;
const windowsAtOnce = 6;
const windowsIntervalMs = 60_000;
const windowsDeadlineMs = 45_000;

export interface PollersDeps {
  readonly inventory: InventoryFace;
  readonly clock: Clock;
  readonly readAppliance: (unitId: string, signal: AbortSignal) => Promise<void>;
  readonly readWindows: (unitId: string, signal: AbortSignal) => Promise<void>;
  readonly failed: (item: InventoryItem, error: EvenkeelError, failures: number) => Promise<void>;
}

interface Entry {
  readonly poller: UnitPoller;
  /** What makes it start anew when it changes. */
  readonly settings: string;
}

/** One poller a unit. Units whose identity changed, or that have no login, are not asked at all. */
export class Pollers {
  private readonly entries = new Map<string, Entry>();
  private readonly applianceGate = pLimit(appliancesAtOnce);
  private readonly windowsGate = pLimit(windowsAtOnce);

  constructor(private readonly deps: PollersDeps) {}

  /** Starts, restarts and stops pollers after the inventory changed. Gives the units that are read anew. */
  sync(items: readonly InventoryItem[]): readonly string[] {
    const wanted = new Map(items.filter((item) => this.mayBeRead(item.id)).map((item) => [item.id, item]));
    for (const [id, entry] of this.entries) {
      const item = wanted.get(id);
      if (item && settingsOf(item) === entry.settings) continue;
      entry.poller.stop();
      this.entries.delete(id);
    }
    const started: string[] = [];
    for (const [id, item] of wanted) {
      if (this.entries.has(id)) continue;
      const poller = this.makePoller(item);
      this.entries.set(id, { poller, settings: settingsOf(item) });
      // Spread a little, so that a hundred units are not met in the same instant.
      poller.start(Math.round(this.deps.clock.random() * 250));
      started.push(id);
    }
    return started;
  }

  /** Reads units now. Ends with the signal; the readings under way go on. */
  async readNow(unitIds: readonly string[], signal: AbortSignal): Promise<{ read: number; failed: ReadFailure[] }> {
    const stop = new AbortController();
    // One listener however many units: the caller's signal may be shared by many calls.
    const aborted = new Promise<Outcome>((resolve) => {
      const onAbort = (): void => resolve(new EvenkeelError('aborted', { step: 'read' }));
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort, { once: true, signal: stop.signal });
    });
    const one = async (unitId: string): Promise<{ unitId: string; outcome: Outcome }> => {
      const poller = this.entries.get(unitId)?.poller;
      return { unitId, outcome: poller ? await Promise.race([poller.readNow(), aborted]) : this.notRead(unitId) };
    };
    const outcomes = await Promise.all(unitIds.map(one)).finally(() => stop.abort());
    const failed = outcomes.flatMap(({ unitId, outcome }) =>
      outcome === null ? [] : [{ unitId, error: plainError(outcome) }],
    );
    return { read: outcomes.length - failed.length, failed };
  }

  stop(): void {
    for (const { poller } of this.entries.values()) poller.stop();
    this.entries.clear();
  }

  private notRead(unitId: string): EvenkeelError {
    const item = this.deps.inventory.item(unitId);
    if (!item?.error) return new EvenkeelError('not_found', { step: 'read', unitId });
    return new EvenkeelError(item.error.code, item.error.details, item.error.message);
  }

  private mayBeRead(unitId: string): boolean {
    const record = this.deps.inventory.record(unitId);
    if (!record || record.alarm !== null) return false;
    if (record.kind === 'windows') return record.settings.login;
    const { ssh, webui, api } = record.settings.logins;
    return ssh || webui || api;
  }

  private makePoller(item: InventoryItem): UnitPoller {
    const { readAppliance, readWindows, failed, clock } = this.deps;
    const common = {
      unitName: item.name,
      failed: (error: EvenkeelError, failures: number) => failed(item, error, failures),
    };
    if (item.kind === 'appliance') {
      return new UnitPoller(
        {
          ...common,
          intervalMs: item.pollSeconds * 1_000,
          deadlineMs: item.giveUpSeconds * 1_000,
          read: (signal) => readAppliance(item.id, signal),
          gate: (work) => this.applianceGate(work),
        },
        clock,
      );
    }
    return new UnitPoller(
      {
        ...common,
        intervalMs: windowsIntervalMs,
        deadlineMs: windowsDeadlineMs,
        read: (signal) => readWindows(item.id, signal),
        gate: (work) => this.windowsGate(work),
      },
      clock,
    );
  }
}

function settingsOf(item: InventoryItem): string {
  const polling =
    item.kind === 'appliance' ? [item.pollSeconds, item.giveUpSeconds, item.sshPort, item.webuiPort] : item.port;
  return JSON.stringify([item.name, item.host, item.pins, polling]);
}
