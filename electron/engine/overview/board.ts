import { LiveMap } from '#engine/dispatch/index';
import type { ApplianceItem, InventoryItem, WindowsItem } from '#shared/contract/inventory';
import type { OverviewNode, SiteNode } from '#shared/contract/overview';
import { normaliseAddress } from '#shared/domain/direct-routing/addresses';
import {
  failover,
  pairPicture,
  stateChange,
  type DrFact,
  type DrQuery,
  type PairInput,
  type PairPicture,
  type StatefulNode,
  type UnitInput,
  type UnitJob,
  type WindowsRef,
} from '#shared/domain/overview/index';
import type { History } from './history';
import type { Readings } from './readings';
import type { Clock } from './types';

export interface BoardDeps {
  readonly readings: Readings;
  readonly history: History;
  readonly clock: Clock;
  readonly jobOf: (unitId: string) => UnitJob | null;
  readonly drOf: (query: DrQuery) => DrFact;
  readonly linkServices: (pair: ApplianceItem, links: PairPicture['links']) => void;
}

interface PairPlace {
  readonly pairId: string;
  readonly siteId: string;
  readonly order: number;
  readonly units: readonly ApplianceItem[];
}

/** The nodes as they are known now. Each pair is drawn by itself, so that a poll costs its own pair's share only. */
export class Board {
  readonly nodes = new LiveMap<OverviewNode>();
  private readonly places = new Map<string, PairPlace>();
  private readonly pictures = new Map<string, PairPicture>();
  private readonly timers = new Map<string, () => void>();
  private windowsBySite = new Map<string, Map<string, WindowsRef>>();
  private pairOfUnit = new Map<string, string>();

  constructor(private readonly deps: BoardDeps) {}

  /** Lays out sites and pairs anew from the inventory. Gives the pairs that are gone. */
  arrange(items: readonly InventoryItem[]): readonly string[] {
    const appliances = items.filter((item) => item.kind === 'appliance');
    this.windowsBySite = indexWindows(items.filter((item) => item.kind === 'windows'));
    const places = placePairs(appliances);
    const gone = [...this.places.keys()].filter((pairId) => !places.has(pairId));
    for (const pairId of gone) this.drop(pairId);
    this.places.clear();
    this.pairOfUnit = new Map();
    for (const [pairId, place] of places) {
      this.places.set(pairId, place);
      for (const unit of place.units) this.pairOfUnit.set(unit.id, pairId);
    }
    const sites = siteNodes(appliances);
    const oldSites = [...this.nodes.values()].filter((node) => node.kind === 'site' && !sites.has(node.id));
    this.nodes.apply(
      sites,
      oldSites.map((node) => node.id),
    );
    this.drawAll();
    return gone;
  }

  /** An inventory item changed by a reading: role, version or notice. */
  renew(item: ApplianceItem): void {
    const place = this.places.get(item.pairId);
    if (!place) return;
    const units = place.units.map((unit) => (unit.id === item.id ? item : unit)).sort(byRole);
    this.places.set(item.pairId, { ...place, units });
  }

  drawAll(): void {
    for (const pairId of this.places.keys()) this.draw(pairId);
  }

  drawUnit(unitId: string): void {
    const pairId = this.pairOfUnit.get(unitId);
    if (pairId !== undefined) this.draw(pairId);
  }

  /** Draws the pairs again that use a Windows server. */
  drawWindows(windowsId: string): void {
    for (const [pairId, picture] of this.pictures) if (picture.links.has(windowsId)) this.draw(pairId);
  }

  unitsOf(pairId: string): readonly ApplianceItem[] {
    return this.places.get(pairId)?.units ?? [];
  }

  activeUnitOf(pairId: string): string | null {
    return this.pictures.get(pairId)?.activeUnitId ?? null;
  }

  /** A unit as the domain sees it now; `null` when it is not in the inventory. */
  unitInput(unitId: string): UnitInput | null {
    const place = this.places.get(this.pairOfUnit.get(unitId) ?? '');
    const item = place?.units.find((unit) => unit.id === unitId);
    return item ? this.inputOf(item) : null;
  }

  stop(): void {
    for (const cancel of this.timers.values()) cancel();
    this.timers.clear();
  }

  private draw(pairId: string): void {
    const place = this.places.get(pairId);
    const [first] = place?.units ?? [];
    if (!place || !first) return;
    const now = this.deps.clock.now();
    const input: PairInput = {
      ...{ pairId, pairName: first.pairName, siteId: place.siteId, order: place.order },
      units: place.units.map((item) => this.inputOf(item)),
      windowsAt: (address) => this.windowsBySite.get(first.site)?.get(normaliseAddress(address)) ?? null,
      drOf: this.deps.drOf,
    };
    const picture = pairPicture(input, now);
    const before = this.pictures.get(pairId);
    this.pictures.set(pairId, picture);
    this.noteFailover(input, picture, now);
    const set = new Map<string, OverviewNode>();
    for (const [id, node] of picture.nodes) set.set(id, this.withSince(node, picture, place.siteId, now));
    const gone = [...(before?.nodes.keys() ?? [])].filter((id) => !picture.nodes.has(id));
    this.nodes.apply(set, gone);
    this.deps.linkServices(first, picture.links);
    this.wakeAt(pairId, picture.nextChangeAt, now);
  }

  private inputOf(item: ApplianceItem): UnitInput {
    const state = this.deps.readings.of(item.id);
    return {
      id: item.id,
      name: item.name,
      address: item.host,
      role: item.role,
      version: item.version,
      pollSeconds: item.pollSeconds,
      ...state,
      error: state.error ?? item.error,
      job: this.deps.jobOf(item.id),
    };
  }

  private withSince(node: OverviewNode, picture: PairPicture, siteId: string, now: number): OverviewNode {
    if (node.kind === 'site') return node;
    const { history } = this.deps;
    const known = history.marks.get(node.id) ?? null;
    if (picture.unsettled.has(node.id)) {
      return { ...node, since: known?.state === node.state ? known.since : null };
    }
    if (known?.state === node.state) return { ...node, since: known.since };
    const change = stateChange(known, node, siteId, now);
    if (change) history.add(change);
    history.mark(node.id, { state: node.state, since: now, activeUnit: known?.activeUnit ?? null });
    return { ...node, since: now };
  }

  private noteFailover(input: PairInput, picture: PairPicture, now: number): void {
    const { activeUnitId, nodes } = picture;
    const { history } = this.deps;
    const pair = nodes.get(input.pairId);
    if (activeUnitId === null || pair?.kind !== 'pair') return;
    const known = history.marks.get(input.pairId);
    if (known?.activeUnit === activeUnitId) return;
    const from = input.units.find((unit) => unit.id === known?.activeUnit);
    const to = input.units.find((unit) => unit.id === activeUnitId);
    if (from && to) history.add(failover(pair satisfies StatefulNode, input.siteId, from, to, now));
    const mark = known ?? { state: pair.state, since: now };
    history.mark(input.pairId, { ...mark, activeUnit: activeUnitId });
  }

  private drop(pairId: string): void {
    const picture = this.pictures.get(pairId);
    this.timers.get(pairId)?.();
    this.timers.delete(pairId);
    this.pictures.delete(pairId);
    this.nodes.apply(new Map(), [...(picture?.nodes.keys() ?? [])]);
  }

  private wakeAt(pairId: string, at: number | null, now: number): void {
    this.timers.get(pairId)?.();
    this.timers.delete(pairId);
    if (at === null) return;
    const wake = (): void => {
      this.timers.delete(pairId);
      this.draw(pairId);
    };
    this.timers.set(pairId, this.deps.clock.after(Math.max(100, at - now), wake));
  }
}

function byRole(a: ApplianceItem, b: ApplianceItem): number {
  const rank = (item: ApplianceItem): number => (item.role === 'secondary' ? 1 : 0);
  return rank(a) - rank(b);
}

/** Sites and pairs in the order their first unit was added: places do not move when values change. */
function placePairs(appliances: readonly ApplianceItem[]): Map<string, PairPlace> {
  const places = new Map<string, PairPlace>();
  const pairsOfSite = new Map<string, number>();
  for (const item of appliances) {
    const known = places.get(item.pairId);
    if (known) {
      places.set(item.pairId, { ...known, units: [...known.units, item].sort(byRole) });
      continue;
    }
    const siteId = siteIdOf(item);
    const order = pairsOfSite.get(siteId) ?? 0;
    pairsOfSite.set(siteId, order + 1);
    places.set(item.pairId, { pairId: item.pairId, siteId, order, units: [item] });
  }
  return places;
}

function siteIdOf(item: ApplianceItem): string {
  return `${item.practice ? 'practice-site' : 'site'}:${item.site}`;
}

function siteNodes(appliances: readonly ApplianceItem[]): Map<string, SiteNode> {
  const sites = new Map<string, SiteNode>();
  for (const item of appliances) {
    const id = siteIdOf(item);
    if (sites.has(id)) continue;
    sites.set(id, { kind: 'site', id, name: item.site, practice: item.practice, order: sites.size });
  }
  return sites;
}

/** One site's addresses belong to one network; another site may use the same ones. */
function indexWindows(items: readonly WindowsItem[]): Map<string, Map<string, WindowsRef>> {
  const bySite = new Map<string, Map<string, WindowsRef>>();
  for (const { id, name, site, addresses } of items) {
    const index = bySite.get(site) ?? new Map<string, WindowsRef>();
    bySite.set(site, index);
    for (const address of addresses) index.set(normaliseAddress(address), { id, name });
  }
  return bySite;
}
