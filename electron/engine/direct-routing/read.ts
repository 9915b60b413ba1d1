import {
  differenceOf,
  earlierVips,
  knownVipsFor,
  sameAddress,
  targetOf,
  verdictOf,
  type ActiveUnit,
  type Difference,
  type DrService,
  type EarlierAddress,
  type ServerTarget,
  type ServerVerdict,
  type ServiceStanding,
  type TargetOptions,
} from '#shared/domain/direct-routing/index';
import type { VirtualServiceReading } from '#shared/domain/appliance/reading';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import { EvenkeelError } from '#shared/errors';
import type { DrEstate, DrPair, DrServer } from './deps';
import type { States } from './states';

/** The services of a pair that forward by Direct Routing. */
export function drServicesOf(pair: DrPair): readonly VirtualServiceReading[] {
  return (pair.services ?? []).filter((service) => service.layer === 4 && service.method === 'gate');
}

/** The Direct Routing services of every pair, as the rules take them. */
export function allServices(estate: DrEstate): readonly DrService[] {
  return estate.pairs().flatMap((pair) =>
    drServicesOf(pair).map((service) => ({
      pairId: pair.id,
      pairName: pair.name,
      serviceName: service.name,
      address: service.address,
      ports: service.ports,
      protocol: service.protocol,
      realServers: service.realServers.map((real) => ({ label: real.name, address: real.address })),
    })),
  );
}

/** What the operator chose, and what earlier fixes put on the server. */
export interface ServerOptions extends Omit<TargetOptions, 'knownVips' | 'unsureVips' | 'unreadPairs'> {
  readonly earlier?: readonly EarlierAddress[];
}

/** The addresses of every appliance are known anyway, once the server's state tells which of them are its own. */
export function targetOfServer(
  estate: DrEstate,
  server: DrServer,
  options: ServerOptions = {},
  state: WindowsNetworkState | null = null,
): ServerTarget | null {
  const services = allServices(estate);
  const { earlier = [], ...chosen } = options;
  const { known, unsure } = earlierVips(
    earlier,
    estate.pairs().map((pair) => pair.id),
  );
  return targetOf(server.addresses, services, {
    ...chosen,
    knownVips: state === null ? [] : knownVipsFor(services, known, state),
    unsureVips: unsure,
    unreadPairs: estate.pairs().flatMap((pair) => (pair.services === null || !pair.fresh ? [pair.name] : [])),
  });
}

export function serverAt(estate: DrEstate, address: string): DrServer | null {
  return estate.servers().find((server) => server.addresses.some((own) => sameAddress(own, address))) ?? null;
}

/** The server beside its target; `null` when it is in no service. */
export function differenceOfServer(
  estate: DrEstate,
  server: DrServer,
  state: WindowsNetworkState,
  options: ServerOptions = {},
): { readonly target: ServerTarget; readonly difference: Difference } | null {
  const target = targetOfServer(estate, server, options, state);
  return target === null ? null : { target, difference: differenceOf(target, state) };
}

/** How the server stands in each of its services, beside the others there. */
export function standingsOf(estate: DrEstate, states: States, server: DrServer): readonly ServiceStanding[] {
  return estate.pairs().flatMap((pair) =>
    drServicesOf(pair).flatMap((service) =>
      service.realServers
        .filter((real) => server.addresses.some((own) => sameAddress(own, real.address)))
        .map((real): ServiceStanding => ({
          pairId: pair.id,
          serviceName: service.name,
          address: service.address,
          label: real.name,
          status: real.status,
          others: service.realServers
            .filter((other) => other.name !== real.name)
            .map((other) => ({
              name: serverAt(estate, other.address)?.name ?? other.name,
              label: other.name,
              status: other.status,
              partly: other.partly === true,
              verdict: verdictAt(estate, states, other.address, service.address),
            })),
        })),
    ),
  );
}

export function activeUnits(estate: DrEstate, standings: readonly ServiceStanding[]): readonly ActiveUnit[] {
  const pairIds = new Set(standings.map((standing) => standing.pairId));
  return estate
    .pairs()
    .filter((pair) => pairIds.has(pair.id))
    .flatMap(({ id, activeUnit, passiveUnit }): ActiveUnit[] => {
      if (activeUnit === null) return [];
      const asker = passiveUnit ?? activeUnit;
      return [
        {
          pairId: id,
          unitId: activeUnit.id,
          unitName: activeUnit.name,
          asker: { unitId: asker.id, unitName: asker.name },
        },
      ];
    });
}

/** Reads the other servers of its services where what is known of them is too old. One that does not answer stays unknown. */
export async function readOthers(
  estate: DrEstate,
  states: States,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const ids = addresses.flatMap((address) => serverAt(estate, address)?.id ?? []);
  const old = [...new Set(ids)].filter((id) => states.fresh(id) === null);
  await Promise.all(
    old.map(async (id) => {
      try {
        await states.read(id, signal);
      } catch (error) {
        if (signal.aborted || !(error instanceof EvenkeelError)) throw error;
      }
    }),
  );
}

/** The server's side of a real server for one address, from what was read last; `null` when that cannot be believed. */
export function verdictAt(estate: DrEstate, states: States, realAddress: string, vip: string): ServerVerdict | null {
  const server = serverAt(estate, realAddress);
  const state = states.fresh(server?.id ?? null);
  if (server === null || state === null) return null;
  return verdictOf(vip, differenceOfServer(estate, server, state)?.difference ?? null).server;
}
