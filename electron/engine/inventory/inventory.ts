import { LiveMap } from '#engine/dispatch/index';
import type { InventoryItem } from '#shared/contract/inventory';
import type { ApplianceReading } from '#shared/domain/appliance/reading';
import { findPairs, type Pairing } from '#shared/domain/overview/index';
import type { EvenkeelError } from '#shared/errors';
import { toItem, unread, type ServiceLink, type UnitStatus } from './items';
import type { ApplianceRecord, UnitRecord } from './records';
import { InventoryStore } from './store';
import { Turns } from './turns';
import type { InventoryDeps, WindowsUnit } from './types';
import { Units } from './units';

const identityCodes = new Set(['host_key_changed', 'certificate_changed']);

/** The units: kept in SQLite, known in memory, told to views. One change at a time. */
export class Inventory<W extends WindowsUnit = WindowsUnit> {
  readonly live = new LiveMap<InventoryItem>();
  readonly units: Units<W>;
  private readonly store: InventoryStore;
  private readonly records = new Map<string, UnitRecord>();
  private readonly statuses = new Map<string, UnitStatus>();
  private pairs: ReadonlyMap<string, Pairing> = new Map();
  /** What was said last of each pair: it is said again at every reading. */
  private readonly linked = new Map<string, { readonly text: string; readonly ids: readonly string[] }>();
  private readonly listeners = new Set<() => void>();
  private readonly turns = new Turns();

  constructor(private readonly deps: InventoryDeps<W>) {
    this.store = new InventoryStore(deps.db);
    this.units = new Units({ ...deps, record: (unitId) => this.records.get(unitId) });
  }

  /** Reads what is stored. Call once, before anything else. */
  async load(): Promise<void> {
    for (const record of await this.store.all()) this.records.set(record.id, record);
    this.show();
  }

  /** Every unit, in the order they were added. */
  items(): InventoryItem[] {
    return [...this.live.values()];
  }

  item(unitId: string): InventoryItem | null {
    return this.live.get(unitId) ?? null;
  }

  record(unitId: string): UnitRecord | null {
    return this.records.get(unitId) ?? null;
  }

  allRecords(): UnitRecord[] {
    return [...this.records.values()];
  }

  /** Called after units were added, removed or changed by a person; not after a reading. */
  onMembership(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  nextSequence(): number {
    return Math.max(0, ...this.allRecords().map((record) => record.sequence)) + 1;
  }

  /** Runs one change of the inventory after the one before it has ended. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.turns.run(work);
  }

  /** Stores and shows units. Only inside `inTurn`. */
  async put(records: readonly UnitRecord[]): Promise<void> {
    await this.store.save(records);
    for (const record of records) {
      this.records.set(record.id, record);
      // What a person gave is new; what went wrong with it before is over.
      this.note(record.id, { error: null });
    }
    await this.keepPairs();
    this.show();
    this.tell();
  }

  /** Takes units out, with their secrets and pins. Only inside `inTurn`. Sends nothing. */
  async takeOut(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      await this.units.forget(id);
      await this.deps.secrets.remove(id);
    }
    await this.store.remove(ids);
    for (const id of ids) {
      this.records.delete(id);
      this.statuses.delete(id);
    }
    this.show();
    this.tell();
  }

  /** What a reading tells of the unit itself. Stored only when it differs from what is known. */
  async noteReading(unitId: string, reading: ApplianceReading): Promise<void> {
    await this.inTurn(async () => {
      const record = this.records.get(unitId);
      if (record?.kind !== 'appliance') return;
      this.note(unitId, { readAt: reading.readAt, error: null });
      const facts = factsOf(record, reading);
      if (JSON.stringify(facts) === JSON.stringify(record.facts)) return this.showOne(unitId);
      const changed = { ...record, facts };
      await this.store.save([changed]);
      this.records.set(unitId, changed);
      if (await this.keepPairs()) this.tell();
      this.show();
    });
  }

  async noteWindows(unitId: string, seen: { readonly readAt: number; readonly osName: string | null }): Promise<void> {
    await this.inTurn(async () => {
      const record = this.records.get(unitId);
      if (record?.kind !== 'windows') return;
      this.note(unitId, { readAt: seen.readAt, error: null });
      if (seen.osName !== null && seen.osName !== record.facts.osName) {
        const changed = { ...record, facts: { ...record.facts, osName: seen.osName } };
        await this.store.save([changed]);
        this.records.set(unitId, changed);
      }
      this.showOne(unitId);
    });
  }

  /** A read that failed. A changed identity is kept until a person pins again, and ends every connection. */
  async noteFailure(unitId: string, error: EvenkeelError): Promise<void> {
    await this.inTurn(async () => {
      const record = this.records.get(unitId);
      if (!record) return;
      this.note(unitId, { error: error.toShape() });
      if (identityCodes.has(error.code) && record.alarm === null) {
        const changed = { ...record, alarm: error.with({ unit: record.name }).toShape() };
        await this.store.save([changed]);
        this.records.set(unitId, changed);
        await this.units.forget(unitId);
        await this.deps.audit({
          who: 'Evenkeel',
          what: 'inventory.identityChanged',
          subject: record.name,
          details: { code: error.code },
        });
        this.tell();
      }
      this.showOne(unitId);
    });
  }

  /** Which services of a pair use a Windows server; replaces what was said of the pair before. */
  linkServices(pairId: string, links: ReadonlyMap<string, readonly ServiceLink[]>): void {
    const before = this.linked.get(pairId);
    const text = JSON.stringify([...links]);
    if (before?.text === text) return;
    if (links.size === 0) this.linked.delete(pairId);
    else this.linked.set(pairId, { text, ids: [...links.keys()] });
    for (const id of new Set([...(before?.ids ?? []), ...links.keys()])) {
      const all = new Map((this.statuses.get(id) ?? unread).links);
      const next = links.get(id);
      if (next) all.set(pairId, next);
      else all.delete(pairId);
      if (!this.records.has(id)) continue;
      this.note(id, { links: all });
      this.showOne(id);
    }
  }

  async close(): Promise<void> {
    await this.turns.idle();
    await this.units.close();
  }

  private note(unitId: string, part: Partial<UnitStatus>): void {
    this.statuses.set(unitId, { ...(this.statuses.get(unitId) ?? unread), ...part });
  }

  /** Finds the pairs again and stores the ids that changed. True when a unit moved to another pair. */
  private async keepPairs(): Promise<boolean> {
    const pairs = this.findPairs();
    const moved: UnitRecord[] = [];
    for (const record of this.records.values()) {
      const pairing = pairs.get(record.id);
      if (record.kind !== 'appliance' || !pairing || pairing.pairId === record.facts.pairId) continue;
      moved.push({ ...record, facts: { ...record.facts, pairId: pairing.pairId } });
    }
    if (moved.length > 0) await this.store.save(moved);
    for (const record of moved) this.records.set(record.id, record);
    return moved.length > 0;
  }

  private findPairs(): ReadonlyMap<string, Pairing> {
    const appliances = this.allRecords().filter((record) => record.kind === 'appliance');
    const found = findPairs(
      appliances.map((record) => ({
        ...record.facts,
        id: record.id,
        name: record.name,
        site: record.site,
        address: record.settings.address,
        pairId: record.facts.pairId,
      })),
    );
    const given = appliances.map((record) => {
      const pairing = found.get(record.id) ?? { pairId: record.facts.pairId, pairName: record.name };
      return [record.id, { ...pairing, pairName: record.facts.pairName ?? pairing.pairName }] as const;
    });
    return new Map(given);
  }

  private show(): void {
    this.pairs = this.findPairs();
    const ordered = this.allRecords().sort((a, b) => a.sequence - b.sequence);
    this.live.replace(new Map(ordered.map((record) => [record.id, this.itemOf(record)])));
  }

  private showOne(unitId: string): void {
    const record = this.records.get(unitId);
    if (record) this.live.set(unitId, this.itemOf(record));
  }

  private itemOf(record: UnitRecord): InventoryItem {
    return toItem(record, this.statuses.get(record.id) ?? unread, this.pairs.get(record.id));
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

function factsOf(record: ApplianceRecord, reading: ApplianceReading): ApplianceRecord['facts'] {
  const { facts } = record;
  const { ha } = reading;
  return {
    ...facts,
    hostname: reading.hostname ?? facts.hostname,
    role: ha.role ?? facts.role,
    version: reading.version ?? facts.version,
    updateNotice: reading.updateNotice === '' ? null : (reading.updateNotice ?? facts.updateNotice),
    licence: reading.licence ?? facts.licence,
    peerAddress: ha.peerAddress ?? (ha.role === 'single' ? null : facts.peerAddress),
    floatingAddresses: ha.floatingAddresses.length > 0 ? [...ha.floatingAddresses] : facts.floatingAddresses,
    channels: { ...facts.channels, [reading.via]: 'ok' },
  };
}
