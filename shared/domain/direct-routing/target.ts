import type { Family } from './operations';
import { familyOf, hostPrefix, normaliseAddress, sameAddress } from './addresses';

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
}

export interface TargetOptions {
  /** The guide says the network's own prefix; that puts an on-link route for the LAN on the loopback. */
  readonly ipv6PrefixLength?: number;
}

/**
 * The wanted state of the server with these addresses, from the services of all appliances. `null` when no Direct
 * Routing service contains it.
 */
export function targetOf(
  serverAddresses: readonly string[],
  services: readonly DrService[],
  options: TargetOptions = {},
): ServerTarget | null {
  const memberships = services.flatMap((service) =>
    service.realServers
      .filter((real) => serverAddresses.some((own) => sameAddress(own, real.address)))
      .map((real): Membership => ({
        pairId: service.pairId,
        pairName: service.pairName,
        serviceName: service.serviceName,
        label: real.label,
        vip: normaliseAddress(service.address),
        realAddress: normaliseAddress(real.address),
        ports: service.ports,
        protocol: service.protocol,
      })),
  );
  const addresses = distinct(memberships.map((membership) => membership.vip)).flatMap((vip): TargetAddress[] => {
    const family = familyOf(vip);
    if (family === null) return [];
    const prefixLength = family === 'IPv6' ? (options.ipv6PrefixLength ?? 128) : hostPrefix(family);
    return [{ address: vip, family, prefixLength }];
  });
  if (addresses.length === 0) return null;
  return {
    addresses,
    families: (['IPv4', 'IPv6'] as const).filter((family) => addresses.some((item) => item.family === family)),
    realAddresses: distinct(memberships.map((membership) => membership.realAddress)),
    memberships,
  };
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
