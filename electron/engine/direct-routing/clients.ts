import { setMaxListeners } from 'node:events';
import pLimit from 'p-limit';
import type { ClientTarget, Dial, Titles } from '#engine/client-proof/index';
import type { DrClient } from '#shared/contract/direct-routing';
import type { RealServerReading, VirtualServiceReading } from '#shared/domain/appliance/reading';
import {
  clientPorts,
  configurationText,
  probeOf,
  triesThroughVip,
  type PortResult,
} from '#shared/domain/direct-routing/index';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import { EvenkeelError } from '#shared/errors';
import { roundOf, type Round } from './client-rounds';
import type { DirectRoutingDeps, DrPair } from './deps';
import { drServicesOf, serverAt } from './read';
import type { States } from './states';

/** Connections at a time; a dead host holds its place for as long as a connection may take. */
const atATime = 24;
/** What is older than this says nothing of now. */
const staleAfterMs = 900_000;

export interface ClientQuestion extends Titles {
  readonly serviceNames: readonly string[];
}

interface Check {
  readonly key: string;
  readonly item: Pick<DrClient, 'serviceName' | 'via' | 'rowId'>;
  readonly target: ClientTarget;
  readonly tries: number;
  readonly service: VirtualServiceReading;
  readonly real: RealServerReading | null;
}

interface Kept {
  readonly item: DrClient;
  readonly round: Round;
  /** What was true then: who was in service, and how each Windows server was configured. */
  readonly inService: string;
  readonly configured: ReadonlyMap<string, string>;
}

/** What clients saw last at each port, in memory. */
export class Clients {
  private readonly known = new Map<string, Kept>();
  /** A state does not change once it is read. */
  private readonly texts = new WeakMap<WindowsNetworkState, string>();

  constructor(
    private readonly deps: Pick<DirectRoutingDeps, 'now' | 'estate' | 'dial'>,
    private readonly states: States,
    private readonly changed: () => void,
  ) {}

  /** By the stream's key. */
  all(): ReadonlyMap<string, DrClient> {
    return new Map([...this.known].map(([key, kept]) => [key, kept.item]));
  }

  /**
   * What still holds of one service: through the VIP (`null`), or at the server of a row. Left out is what is old, and
   * what was seen before a server's settings or the servers in service changed.
   */
  results(pair: DrPair, service: VirtualServiceReading, rowId: string | null): readonly PortResult[] {
    return clientPorts(service).flatMap((port) => {
      const kept = this.known.get(keyOf(pair, service, port, rowId));
      if (kept === undefined || !this.holds(kept, service, rowId)) return [];
      const { tries, failed, word } = kept.round;
      return [{ port, tries, failed, word }];
    });
  }

  /** Plays the client at every port of the services named. Throws `not_found`; a peer's fault is a result. */
  async prove(pairId: string, question: ClientQuestion, signal: AbortSignal): Promise<DrClient[]> {
    const pair = this.deps.estate.pairs().find((item) => item.id === pairId);
    if (pair === undefined) throw new EvenkeelError('not_found', { step: 'client check', unitId: pairId });
    const services = servicesNamed(pair, question.serviceNames);
    const checks = services.flatMap((service) => this.checksOf(pair, service, question));
    const limit = pLimit(atATime);
    const dial: Dial | undefined = this.deps.dial?.(pair);
    // One signal is heard by as many connections as go at a time.
    const shared = AbortSignal.any([signal]);
    setMaxListeners(2 * atATime, shared);
    return Promise.all(
      checks.map((check) =>
        limit(async () => this.keep(pair, check, await roundOf(check.target, check.tries, dial, shared))),
      ),
    );
  }

  private checksOf(pair: DrPair, service: VirtualServiceReading, titles: Titles): readonly Check[] {
    return clientPorts(service).flatMap((port) => [
      this.check(pair, service, port, titles, null),
      ...service.realServers.map((real) => this.check(pair, service, port, titles, real)),
    ]);
  }

  private check(
    pair: DrPair,
    service: VirtualServiceReading,
    port: number,
    { called, calling }: Titles,
    real: RealServerReading | null,
  ): Check {
    const rowId = real && this.rowId(pair, real);
    const address = real?.address ?? service.address;
    return {
      key: keyOf(pair, service, port, rowId),
      item: { serviceName: service.name, via: real === null ? 'vip' : 'server', rowId },
      target: { address, port, probe: probeOf(service.name, port), titles: { called, calling } },
      tries: real === null ? triesThroughVip(service.realServers.filter(takesConnections).length) : 1,
      service,
      real,
    };
  }

  private rowId(pair: DrPair, real: RealServerReading): string {
    return `${pair.id}/${serverAt(this.deps.estate, real.address)?.id ?? real.address}`;
  }

  private keep(pair: DrPair, { key, item, target, service, real }: Check, round: Round): DrClient {
    const { address, port, probe } = target;
    const common = { kind: 'client' as const, pairId: pair.id, address, port, probe, checkedAt: this.deps.now() };
    const kept: DrClient = { ...common, ...item, ...round.seen };
    const configured = this.configured(service, real);
    this.known.set(key, { item: kept, round, inService: inServiceText(service), configured });
    this.changed();
    return kept;
  }

  private holds(kept: Kept, service: VirtualServiceReading, rowId: string | null): boolean {
    if (this.deps.now() - kept.item.checkedAt > staleAfterMs) return false;
    if (rowId === null && kept.inService !== inServiceText(service)) return false;
    return [...kept.configured].every(([id, then]) => {
      const now = this.configuration(id);
      return now === null || now === then;
    });
  }

  /** The settings of the Windows servers that a check is about, of those that were read. */
  private configured(service: VirtualServiceReading, real: RealServerReading | null): ReadonlyMap<string, string> {
    return new Map(
      (real === null ? service.realServers : [real]).flatMap(({ address }): [string, string][] => {
        const id = serverAt(this.deps.estate, address)?.id;
        const text = id === undefined ? null : this.configuration(id);
        return id === undefined || text === null ? [] : [[id, text]];
      }),
    );
  }

  private configuration(windowsId: string): string | null {
    const { state } = this.states.of(windowsId);
    if (state === null) return null;
    const text = this.texts.get(state) ?? configurationText(state);
    this.texts.set(state, text);
    return text;
  }
}

/** New connections go to it. */
export function takesConnections(real: RealServerReading): boolean {
  return real.status === 'online' && real.weight !== 0;
}

function inServiceText(service: VirtualServiceReading): string {
  return service.realServers
    .filter(takesConnections)
    .map((real) => `${real.name} ${real.address}`)
    .join(', ');
}

function keyOf(pair: DrPair, service: VirtualServiceReading, port: number, rowId: string | null): string {
  return [`client:${pair.id}`, service.name, port, rowId === null ? 'vip' : 'server', rowId ?? 'vip'].join('|');
}

function servicesNamed(pair: DrPair, names: readonly string[]): readonly VirtualServiceReading[] {
  const services = drServicesOf(pair);
  const unknown = names.find((name) => services.every((service) => service.name !== name));
  if (unknown !== undefined || services.length === 0) {
    throw new EvenkeelError('not_found', {
      unit: pair.name,
      step: 'client check',
      service: unknown ?? '',
      advice: 'No such Direct Routing service, or its appliance has not been read.',
    });
  }
  return names.length === 0 ? services : services.filter((service) => names.includes(service.name));
}
