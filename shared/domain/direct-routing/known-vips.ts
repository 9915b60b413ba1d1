import type { WindowsNetworkState } from '../windows/network-state';
import { normaliseAddress } from './addresses';
import type { DrService } from './target';

/**
 * Addresses that are or were virtual services, as `TargetOptions.knownVips` takes them: those of the services and those
 * of earlier fixes. Left out are services that hold an address of this very server: an adapter that the inventory does
 * not know of is no reason to take their address away.
 */
export function knownVipsFor(
  services: readonly DrService[],
  earlier: readonly string[],
  state: WindowsNetworkState,
): readonly string[] {
  const here = new Set(
    state.adapters.flatMap((adapter) => adapter.addresses.map((held) => normaliseAddress(held.address))),
  );
  const served = services.filter((service) =>
    service.realServers.some((real) => here.has(normaliseAddress(real.address))),
  );
  const kept = new Set(served.map((service) => normaliseAddress(service.address)));
  const all = [...services.map((service) => service.address), ...earlier].map(normaliseAddress);
  return [...new Set(all)].filter((address) => !kept.has(address));
}

/** An address that a fix put on a server, and the pairs whose service it was then; none: not written down. */
export interface EarlierAddress {
  readonly address: string;
  readonly pairIds: readonly string[];
}

/**
 * Addresses of earlier fixes. Only where every pair that had it is in the inventory do the services of now tell that it
 * is not in use any more.
 */
export function earlierVips(
  earlier: readonly EarlierAddress[],
  inventory: readonly string[],
): { readonly known: readonly string[]; readonly unsure: readonly string[] } {
  const isKnown = ({ pairIds }: EarlierAddress): boolean =>
    pairIds.length > 0 && pairIds.every((id) => inventory.includes(id));
  return {
    known: earlier.filter(isKnown).map((item) => item.address),
    unsure: earlier.filter((item) => !isKnown(item)).map((item) => item.address),
  };
}
