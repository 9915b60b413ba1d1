import { probeOf, type ClientProbe } from '#shared/domain/direct-routing/client';
import {
  delivery,
  deliveryTo,
  hostOf,
  inService,
  sameAddress,
  whoAnswers,
  type Delivery,
  type Pair,
  type VirtualService,
  type WindowsHost,
  type WorldState,
} from '../world/index';

/** Where a client's connection ends. `lost`: packets are dropped, nothing ever answers. */
export type Route =
  | { readonly kind: 'lost' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'server'; readonly host: string; readonly probe: ClientProbe };

/** Which of several takes the next connection. With persistence a client stays where it was for so many seconds. */
export type Choose = (what: string, among: readonly string[], persistSeconds: number) => string | undefined;

const lost: Route = { kind: 'lost' };

/**
 * The way of a client's packets through the modelled network: whoever answers for the address gets them; the active
 * unit sends them on to a server in service, which serves them only if Windows holds the fix.
 */
export function routeOf(state: WorldState, address: string, port: number, choose: Choose): Route {
  const pair = state.pairs.find((item) => item.services.some((service) => sameAddress(service.address, address)));
  if (pair === undefined) return toServer(state, address, port);
  const answers = whoAnswers(state, pair.site, address);
  const unitName = choose(
    `who has ${address}`,
    answers.map((item) => item.unit),
    0,
  );
  const answer = answers.find((item) => item.unit === unitName);
  if (answer === undefined) return lost;
  const unit = state.appliances.find((item) => item.name === answer.unit);
  // A Windows server answers for the address itself: its packets never pass the appliance.
  if (unit === undefined)
    return ended(deliveryTo(state, pair.site, address, port), hostOf(state, pair.site, address), '', port);
  const service = pair.services.find((item) => sameAddress(item.address, address) && holdsPort(item, port));
  if (service === undefined) return { kind: 'refused' };
  const servers = service.realServers.filter((real) => inService(state, unit, service, real) === 'online');
  const names = servers.map((item) => item.label);
  const chosen = choose(`${pair.name}/${service.label}`, names, service.persistent ? service.persistSeconds : 0);
  const real = servers.find((item) => item.label === chosen);
  if (real === undefined) return { kind: 'refused' };
  const arrives = delivery(state, pair.site, { ...service, ports: String(port) }, real);
  return ended(arrives, hostOf(state, pair.site, real.address), service.label, port);
}

function toServer(state: WorldState, address: string, port: number): Route {
  const pair =
    state.pairs.find((item) => serviceAt(item, address, port) !== undefined) ??
    state.pairs.find((item) => hostOf(state, item.site, address) !== null);
  if (pair === undefined) return lost;
  const label = serviceAt(pair, address, port)?.label ?? '';
  return ended(deliveryTo(state, pair.site, address, port), hostOf(state, pair.site, address), label, port);
}

function serviceAt(pair: Pair, address: string, port: number): VirtualService | undefined {
  return pair.services.find(
    (service) => holdsPort(service, port) && service.realServers.some((real) => sameAddress(real.address, address)),
  );
}

function holdsPort(service: VirtualService, port: number): boolean {
  return service.ports.split(/[,:]/).some((part) => {
    const [first, last] = part.split('-').map(Number);
    return first !== undefined && port >= first && port <= (last ?? first);
  });
}

function ended(arrives: Delivery, host: WindowsHost | null, label: string, port: number): Route {
  if (arrives.reaches) return host === null ? lost : { kind: 'server', host: host.name, probe: probeOf(label, port) };
  return arrives.reason === 'not-listening' ? { kind: 'refused' } : lost;
}
