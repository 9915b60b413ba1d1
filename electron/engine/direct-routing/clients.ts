import pLimit from 'p-limit';
import { proveClient, type ClientSeen, type ClientTarget, type Dial, type Titles } from '#engine/client-proof/index';
import type { DrClient } from '#shared/contract/direct-routing';
import type { RealServerReading, VirtualServiceReading } from '#shared/domain/appliance/reading';
import { clientPorts, probeOf } from '#shared/domain/direct-routing/index';
import { EvenkeelError } from '#shared/errors';
import type { DirectRoutingDeps, DrPair } from './deps';
import { drServicesOf, serverAt } from './read';

/** Connections at a time; a dead host holds its place for as long as a connection may take. */
const atATime = 24;

export interface ClientQuestion extends Titles {
  readonly serviceNames: readonly string[];
}

interface Check {
  readonly key: string;
  readonly item: Pick<DrClient, 'serviceName' | 'via' | 'rowId'>;
  readonly target: ClientTarget;
}

/** What clients saw last at each port, in memory. */
export class Clients {
  private readonly known = new Map<string, DrClient>();

  constructor(
    private readonly deps: Pick<DirectRoutingDeps, 'now' | 'estate'> & { readonly dial?: (pair: DrPair) => Dial },
    private readonly changed: () => void,
  ) {}

  /** By the stream's key. */
  all(): ReadonlyMap<string, DrClient> {
    return this.known;
  }

  /** Plays the client at every port of the services named. Throws `not_found`; a peer's fault is a result. */
  async prove(pairId: string, question: ClientQuestion, signal: AbortSignal): Promise<DrClient[]> {
    const pair = this.deps.estate.pairs().find((item) => item.id === pairId);
    if (pair === undefined) throw new EvenkeelError('not_found', { step: 'client check', unitId: pairId });
    const services = servicesNamed(pair, question.serviceNames);
    const checks = services.flatMap((service) => this.checksOf(pair, service, question));
    const limit = pLimit(atATime);
    const dial = this.deps.dial?.(pair);
    return Promise.all(
      checks.map((check) =>
        limit(async () => {
          const seen = await proveClient(check.target, signal, dial === undefined ? {} : { dial });
          return this.keep(pair, check, seen);
        }),
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
    const via = real === null ? 'vip' : 'server';
    const rowId = real && `${pair.id}/${serverAt(this.deps.estate, real.address)?.id ?? real.address}`;
    const address = real?.address ?? service.address;
    return {
      key: ['client:' + pair.id, service.name, port, via, rowId ?? 'vip'].join('|'),
      item: { serviceName: service.name, via, rowId },
      target: { address, port, probe: probeOf(service.name, port), titles: { called, calling } },
    };
  }

  private keep(pair: DrPair, { key, item, target }: Check, seen: ClientSeen): DrClient {
    const { address, port, probe } = target;
    const checkedAt = this.deps.now();
    const kept: DrClient = { kind: 'client', pairId: pair.id, address, port, probe, ...item, ...seen, checkedAt };
    this.known.set(key, kept);
    this.changed();
    return kept;
  }
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
