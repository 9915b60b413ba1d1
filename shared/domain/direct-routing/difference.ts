import type { NetworkAdapter, WindowsNetworkState } from '../windows/network-state';
import { addressOn, isLoopback, loopbacksOf } from './adapters';
import { familyOf } from './addresses';
import { addressChecks, foreignChecks } from './check-addresses';
import { bindingChecks, dnsChecks } from './check-bindings';
import { firewallChecks, missingRules } from './check-firewall';
import { hostChecks } from './check-host';
import { interfaceChecks } from './check-interface';
import { lanChecks } from './check-lan';
import { check, type Check } from './checks';
import { chooseLoopback, deviceChecks, severalCheck } from './loopback';
import type { OwnFirewallRule } from './operations';
import { addressesFor, prefixChecks } from './prefixes';
import { staleChecks } from './stale';
import type { ServerTarget, TargetAddress } from './target';

/** The server beside its target, item by item. */
export interface Difference {
  readonly checks: readonly Check[];
  /** The wanted addresses with the prefix they get on this server. */
  readonly addresses: readonly TargetAddress[];
  /** The loopback adapter that the fix works on; `null` when there is none. */
  readonly loopback: NetworkAdapter | null;
  /** Loopback adapters beside it: VIPs are moved off them, nothing else on them is touched. */
  readonly otherLoopbacks: readonly NetworkAdapter[];
  /** The adapters that own the real server's addresses. */
  readonly lans: readonly NetworkAdapter[];
  /** Firewall rules to add; none unless the options ask for it. */
  readonly rules: readonly OwnFirewallRule[];
  /** The state that was compared. */
  readonly state: WindowsNetworkState;
}

/** Pure; the same function draws up the plan, fills the matrix and proves the result. */
export function differenceOf(target: ServerTarget, state: WindowsNetworkState): Difference {
  const loopback = chooseLoopback(target, state);
  const loopbacks = loopbacksOf(state);
  const lans = state.adapters.filter(
    (adapter) => !isLoopback(adapter) && target.realAddresses.some((address) => addressOn(adapter, address)),
  );
  const addresses = addressesFor(target, lans);
  return {
    checks: [
      ...hostChecks(state),
      ...deviceChecks(target, loopback),
      ...severalCheck(loopbacks, loopback),
      ...vipUnknown(target),
      ...addressChecks(addresses, state, loopback),
      ...prefixChecks(target, addresses),
      ...foreignChecks(target, loopback),
      ...staleChecks(target, loopbacks),
      ...loopbackChecks(target, loopback),
      ...lanChecks(target, lans),
      ...firewallChecks(target, state),
    ],
    addresses,
    loopback,
    otherLoopbacks: loopbacks.filter((adapter) => adapter !== loopback),
    lans,
    rules: missingRules(target, state),
    state,
  };
}

/** A target without addresses only clears up: the adapter's settings are nobody's wish then. */
function loopbackChecks(target: ServerTarget, loopback: NetworkAdapter | null): readonly Check[] {
  if (target.addresses.length === 0) return [];
  return [...interfaceChecks(target, loopback), ...bindingChecks(target, loopback), ...dnsChecks(loopback)];
}

/** Without an address of its own the cell stays unknown: the check belongs to no VIP. */
function vipUnknown(target: ServerTarget): readonly Check[] {
  return target.memberships
    .filter((membership) => familyOf(membership.vip) === null)
    .map(({ serviceName, vip }) => {
      const before = `${serviceName}: ${vip === '' ? 'none' : vip}`;
      return check('Services', { before, after: before }, 'vip-unknown', 'report');
    });
}
