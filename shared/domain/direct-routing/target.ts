import type { Family } from './operations';
import { familyOf, hostPrefix, normaliseAddress, sameAddress } from './addresses';
import { defaultFixOptions, type FixOptions, type TargetOptions } from './options';

/** A virtual service that forwards by Direct Routing, as its appliance gives it. */
export interface DrService {
  readonly pairId: string;
  readonly pairName: string;
  readonly serviceName: string;
  /** The floating IP. */
  readonly address: string;
  /** As configured, for example `80,443`. */
  readonly ports: string;
  readonly protocol: string | null;
  readonly realServers: readonly DrRealServer[];
}

export interface DrRealServer {
  /** For example `ICA_WEB2`. */
  readonly label: string;
  readonly address: string;
}

export interface Membership {
  readonly pairId: string;
  readonly pairName: string;
  readonly serviceName: string;
  readonly label: string;
  readonly vip: string;
  /** The address by which the appliance knows the server. */
  readonly realAddress: string;
  readonly ports: string;
  readonly protocol: string | null;
}

export interface TargetAddress {
  readonly address: string;
  readonly family: Family;
  readonly prefixLength: number;
}

/** What a Windows server must hold to serve its Direct Routing services. */
export interface ServerTarget {
  /** Every VIP of every service that contains the server, once. */
  readonly addresses: readonly TargetAddress[];
  readonly families: readonly Family[];
  /** Addresses by which appliances reach it: the adapters that own them are its LAN. */
  readonly realAddresses: readonly string[];
  readonly memberships: readonly Membership[];
  readonly options: FixOptions;
  /** Addresses that are or were virtual services, without those of the target. */
  readonly knownVips: readonly string[];
  /** Addresses that may still be virtual services of a pair that nobody reads: told, never removed. */
  readonly unsureVips: readonly string[];
  /** Pairs whose services are not known: while there is one, no address counts as stale for sure. */
  readonly unreadPairs: readonly string[];
}

/**
 * The wanted state of the server with these addresses, from the services of all appliances. `null` when no Direct
 * Routing service contains it, unless stale addresses are to go: then the target holds no address and only clears up.
 */
export function targetOf(
  serverAddresses: readonly string[],
  services: readonly DrService[],
  given: TargetOptions = {},
): ServerTarget | null {
  const options = optionsOf(given);
  const memberships = services.flatMap((service) => membershipsIn(service, serverAddresses));
  const vips = distinct(memberships.map((membership) => membership.vip));
  const addresses = vips.flatMap((vip): TargetAddress[] => {
    const family = familyOf(vip);
    // The network's own prefix is that of the LAN: it is put in beside the server's state.
    return family === null ? [] : [{ address: vip, family, prefixLength: hostPrefix(family) }];
  });
  const known = distinct((given.knownVips ?? []).map(normaliseAddress));
  const knownVips = known.filter((address) => familyOf(address) !== null && !vips.includes(address));
  const unsure = distinct((given.unsureVips ?? []).map(normaliseAddress));
  if (memberships.length === 0 && !(options.removeStale && knownVips.length > 0)) return null;
  return {
    addresses,
    families: (['IPv4', 'IPv6'] as const).filter((family) => addresses.some((item) => item.family === family)),
    realAddresses: distinct(memberships.map((membership) => membership.realAddress)),
    memberships,
    options,
    knownVips,
    unsureVips: unsure.filter(
      (address) => familyOf(address) !== null && !vips.includes(address) && !knownVips.includes(address),
    ),
    unreadPairs: given.unreadPairs ?? [],
  };
}

function optionsOf(given: TargetOptions): FixOptions {
  return {
    removeStale: given.removeStale ?? defaultFixOptions.removeStale,
    firewall: given.firewall ?? defaultFixOptions.firewall,
    ipv6Prefix: given.ipv6Prefix ?? defaultFixOptions.ipv6Prefix,
  };
}

function membershipsIn(service: DrService, serverAddresses: readonly string[]): readonly Membership[] {
  return service.realServers
    .filter((real) => serverAddresses.some((own) => sameAddress(own, real.address)))
    .map((real) => ({
      pairId: service.pairId,
      pairName: service.pairName,
      serviceName: service.serviceName,
      label: real.label,
      vip: normaliseAddress(service.address),
      realAddress: normaliseAddress(real.address),
      ports: service.ports,
      protocol: service.protocol,
    }));
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
