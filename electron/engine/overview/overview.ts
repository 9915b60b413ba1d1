import type { JobCatalogue } from '#engine/jobs/step-kind';
import type { ApplianceItem, InventoryItem } from '#shared/contract/inventory';
import { isFresh, type PairPicture } from '#shared/domain/overview/index';
import type { ApplianceReading } from '#shared/domain/appliance/reading';
import { EvenkeelError, type ErrorCode } from '#shared/errors';
import { Board } from './board';
import { History } from './history';
import { availabilityKind } from './plan-kind';
import { Pollers } from './pollers';
import { Readings } from './readings';
import { availabilitySteps } from './steps';
import type { OverviewDeps, ReadFailure, UnitReading } from './types';

const refusals = new Set<ErrorCode | undefined>(['login_refused', 'account_locked']);

/**
 * A channel failed and a lesser one answered. What has no services must not take the place of the last full reading,
 * and a login that was refused must not be tried again at the usual pace, only because another channel is well.
 */
function refuseLesser(unit: string, reading: ApplianceReading): void {
  const lost = reading.gaps.find((gap) => gap.code !== undefined);
  if (lost?.code === undefined) return refuseBlind(unit, reading);
  const refused = refusals.has(lost.code);
  if (!refused && reading.services.length > 0) return;
  throw new EvenkeelError(refused ? lost.code : 'channel_unavailable', {
    unit,
    step: `read by ${lost.section}`,
    reason: lost.reason,
    unchanged: 'The last full reading is kept, with its age.',
    advice: `${reading.via} answers; look at the login and the port of ${lost.section}.`,
  });
}

/** A unit that answers by SSH and does not tell its configuration must not look like one without services. */
function refuseBlind(unit: string, reading: ApplianceReading): void {
  const gap = reading.via === 'ssh' ? reading.gaps.find(({ section }) => section === 'config') : undefined;
  if (gap === undefined) return;
  throw new EvenkeelError('answer_not_understood', {
    unit,
    step: 'read the configuration',
    reason: gap.reason,
    unchanged: 'The last full reading is kept, with its age.',
    advice: 'Check that this login may read /etc/loadbalancer.org/lb_config.xml.',
  });
}

/** Job changes come many times a second; the map follows them this often. */
const jobPauseMs = 250;

/** Reads the units, keeps the picture of the estate, and tells what changed. */
export class Overview {
  readonly board: Board;
  readonly history: History;
  readonly catalogue: JobCatalogue;
  private readonly readings = new Readings();
  private readonly pollers: Pollers;
  private readonly stops: (() => void)[] = [];
  private readonly listeners = new Set<(unitId: string) => void>();
  private cancelJobDraw: (() => void) | null = null;
  private lastError: { readonly unitName: string; readonly error: EvenkeelError; readonly at: number } | null = null;
  private lastRead: number | null = null;

  constructor(private readonly deps: OverviewDeps) {
    const { db, clock, inventory, jobs, drOf, logUnexpected } = deps;
    this.history = new History(db, () => clock.now(), logUnexpected);
    this.board = new Board({
      ...{ readings: this.readings, history: this.history, clock, drOf },
      jobOf: (unitId) => jobs.of(unitId),
      linkServices: (pair, links) => this.link(pair, links),
    });
    this.pollers = new Pollers({
      ...{ inventory, clock },
      readAppliance: (unitId, signal) => this.readAppliance(unitId, signal),
      readWindows: (unitId, signal) => this.readWindows(unitId, signal),
      failed: (item, error, failures) => this.failed(item, error, failures),
    });
    const applianceOf = (unitId: string) => inventory.units.appliance(unitId);
    this.catalogue = {
      steps: availabilitySteps({ applianceOf }),
      plans: [
        availabilityKind({
          applianceOf,
          now: () => clock.now(),
          ended: async (plan) => {
            await this.readNow(plan.unitIds, AbortSignal.timeout(20_000));
          },
        }),
      ],
    };
  }

  /** Loads the history and begins to read. Does not wait for the first readings. */
  async start(): Promise<void> {
    await this.history.load();
    const { inventory, jobs } = this.deps;
    this.stops.push(
      inventory.live.subscribe(({ set }) => {
        for (const item of set.values()) if (item.kind === 'appliance') this.board.renew(item);
      }),
      inventory.onMembership(() => this.follow()),
      jobs.onChange(() => this.drawSoon()),
    );
    this.follow();
  }

  async stop(): Promise<void> {
    for (const stop of this.stops.splice(0)) stop();
    this.cancelJobDraw?.();
    this.pollers.stop();
    this.board.stop();
    await this.history.settled();
  }

  /** Reads units now; all of them when none is named. */
  async readNow(unitIds: readonly string[], signal: AbortSignal): Promise<{ read: number; failed: ReadFailure[] }> {
    const ids = unitIds.length > 0 ? [...new Set(unitIds)] : this.deps.inventory.items().map((item) => item.id);
    return this.pollers.readNow(ids, signal);
  }

  /** The last reading of an appliance; `null` when there is none. */
  reading(unitId: string): UnitReading | null {
    const unit = this.board.unitInput(unitId);
    if (unit?.reading == null) return null;
    const fresh = isFresh(unit, this.deps.clock.now());
    return { unitId, unitName: unit.name, reading: unit.reading, fresh };
  }

  /** The reading of the pair's active unit; of the one read last when it is not known which is active. */
  pairReading(pairId: string): UnitReading | null {
    const active = this.board.activeUnitOf(pairId);
    if (active !== null) return this.reading(active);
    const all = this.board.unitsOf(pairId).flatMap((unit) => this.reading(unit.id) ?? []);
    all.sort((a, b) => b.reading.readAt - a.reading.readAt);
    return all.find(({ reading }) => reading.ha.state === 'active') ?? all[0] ?? null;
  }

  activeUnitOf(pairId: string): string | null {
    return this.board.activeUnitOf(pairId);
  }

  /** Called after every successful reading of an appliance; gives back how to stop listening. */
  onReading(listener: (unitId: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The server's side of Direct Routing is known better now, of one Windows server or of all. */
  serversChanged(windowsId: string | null = null): void {
    if (windowsId === null) this.board.drawAll();
    else this.board.drawWindows(windowsId);
  }

  /** For the status line: the newest reading and the last failure. */
  health(): {
    readonly lastReadAt: number | null;
    readonly lastError: { readonly unitName: string; readonly error: EvenkeelError; readonly at: number } | null;
  } {
    return { lastReadAt: this.lastRead, lastError: this.lastError };
  }

  private follow(): void {
    const items = this.deps.inventory.items();
    this.readings.keep(new Set(items.map((item) => item.id)));
    for (const id of this.pollers.sync(items)) this.readings.cleared(id);
    for (const item of items) {
      if (item.kind === 'appliance' && item.error !== null && !this.readings.of(item.id).attempted) {
        this.readings.failed(item.id, item.error, 1);
      }
    }
    for (const pairId of this.board.arrange(items)) {
      this.deps.inventory.linkServices(pairId, new Map());
      void this.forgetPair(pairId);
    }
  }

  /** What the practice site did is no history of real units. */
  private async forgetPair(pairId: string): Promise<void> {
    try {
      const practice = pairId.startsWith('practice-pair:');
      await this.history.forget(pairId, practice);
      if (practice) await this.history.forget('practice:', true);
    } catch (error) {
      this.deps.logUnexpected(error, 'forgetting the history of a pair');
    }
  }

  private async readAppliance(unitId: string, signal: AbortSignal): Promise<void> {
    const { inventory } = this.deps;
    const appliance = await inventory.units.appliance(unitId);
    const reading = await appliance.read(signal);
    // A unit that was removed or pinned again meanwhile: this reading is no longer about it.
    if (signal.aborted) return;
    refuseLesser(appliance.name, reading);
    this.readings.succeeded(unitId, reading);
    this.lastRead = reading.readAt;
    await inventory.noteReading(unitId, reading);
    this.board.drawUnit(unitId);
    for (const listener of [...this.listeners]) listener(unitId);
  }

  private async readWindows(unitId: string, signal: AbortSignal): Promise<void> {
    const seen = await this.deps.readWindows(unitId, signal);
    if (signal.aborted) return;
    this.lastRead = seen.readAt;
    await this.deps.inventory.noteWindows(unitId, seen);
    this.board.drawWindows(unitId);
  }

  private async failed(item: InventoryItem, error: EvenkeelError, failures: number): Promise<void> {
    try {
      this.lastError = { unitName: item.name, error, at: this.deps.clock.now() };
      if (error.code === 'internal') this.deps.logUnexpected(error.cause ?? error, `reading ${item.name}`);
      if (item.kind === 'appliance') this.readings.failed(item.id, error.toShape(), failures);
      await this.deps.inventory.noteFailure(item.id, error);
      if (item.kind === 'appliance') this.board.drawUnit(item.id);
      else this.board.drawWindows(item.id);
    } catch (unexpected) {
      this.deps.logUnexpected(unexpected, `noting a failed read of ${item.name}`);
    }
  }

  private drawSoon(): void {
    this.cancelJobDraw ??= this.deps.clock.after(jobPauseMs, () => {
      this.cancelJobDraw = null;
      this.board.drawAll();
    });
  }

  private link(pair: ApplianceItem, links: PairPicture['links']): void {
    const { pairId, pairName } = pair;
    const all = [...links].map(([windowsId, uses]) => {
      return [windowsId, uses.map((use) => ({ pairId, pairName, ...use }))] as const;
    });
    this.deps.inventory.linkServices(pairId, new Map(all));
  }
}
