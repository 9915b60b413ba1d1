/** How an appliance forwards to its real servers. `gate` is Direct Routing in lbcli's words [V]. */
export const forwardingMethods = ['gate', 'masq', 'ipip', 'snat', 'proxy'] as const;
export type ForwardingMethod = (typeof forwardingMethods)[number];

const badges: Record<ForwardingMethod, string> = { gate: 'DR', masq: 'NAT', ipip: 'TUN', snat: 'SNAT', proxy: 'L7' };

/** The badge of the map: DR, NAT, TUN, SNAT, or L7 for a layer 7 service. */
export function methodBadge(method: ForwardingMethod): string {
  return badges[method];
}
