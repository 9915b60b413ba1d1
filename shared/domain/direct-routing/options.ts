/** What the operator may choose for a fix. */
export interface FixOptions {
  /** Take addresses of services that are gone off the loopback adapters; otherwise they are told and kept. */
  readonly removeStale: boolean;
  /** Add inbound rules for service ports that no rule lets in; otherwise closed ports are told and left. */
  readonly firewall: boolean;
  /**
   * Prefix of IPv6 addresses on the loopback: `host` is /128; `network` is that of the LAN, as the guide has it [G]. The
   * network's prefix puts an on-link route for the LAN on the loopback.
   */
  readonly ipv6Prefix: 'host' | 'network';
}

export const defaultFixOptions: FixOptions = { removeStale: false, firewall: false, ipv6Prefix: 'host' };

/** The choices, and what is known beyond the services that contain the server. */
export interface TargetOptions extends Partial<FixOptions> {
  /**
   * Addresses that are or were virtual services: those of every appliance now, and those of earlier fixes. One of them
   * on a loopback adapter that no service of the server has any more is stale; any other address is foreign.
   */
  readonly knownVips?: readonly string[];
  /**
   * Addresses of earlier fixes for a pair that is not in the inventory any more, or not known: it may still send to
   * them. On a loopback adapter they are told and never removed.
   */
  readonly unsureVips?: readonly string[];
  /**
   * Names of pairs whose services are not known now. An address of theirs would look stale, so nothing is removed while
   * there is one.
   */
  readonly unreadPairs?: readonly string[];
}
