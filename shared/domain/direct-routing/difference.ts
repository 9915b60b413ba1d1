import type { NetworkAdapter, WindowsNetworkState } from '../windows/network-state';
import { addressOn, isLoopback, loopbacksOf } from './adapters';
import { addressChecks } from './check-addresses';
import { bindingChecks, dnsChecks } from './check-bindings';
import { hostChecks, firewallChecks } from './check-host';
import { interfaceChecks } from './check-interface';
import { lanChecks } from './check-lan';
import { check, type Check } from './checks';
import type { ServerTarget } from './target';

/** The server beside its target, item by item. */
export interface Difference {
  readonly checks: readonly Check[];
  /** The loopback adapter that the fix works on; `null` when there is none. */
  readonly loopback: NetworkAdapter | null;
  /** The adapters that own the real server's addresses. */
  readonly lans: readonly NetworkAdapter[];
}

/** Pure; the same function draws up the plan, fills the matrix and proves the result. */
export function differenceOf(target: ServerTarget, state: WindowsNetworkState): Difference {
  const loopback = chooseLoopback(target, state);
  const lans = state.adapters.filter(
    (adapter) => !isLoopback(adapter) && target.realAddresses.some((address) => addressOn(adapter, address)),
  );
  return {
    checks: [
      ...hostChecks(state),
      deviceCheck(loopback),
      ...severalCheck(state),
      ...addressChecks(target, state, loopback),
      ...interfaceChecks(target, loopback),
      ...bindingChecks(target, loopback),
      ...dnsChecks(loopback),
      ...lanChecks(target, lans),
      ...firewallChecks(target, state),
    ],
    loopback,
    lans,
  };
}

/** Where there are several: the one with most of the VIPs, then one that is up, then the lowest index. */
function chooseLoopback(target: ServerTarget, state: WindowsNetworkState): NetworkAdapter | null {
  const held = (adapter: NetworkAdapter): number =>
    target.addresses.filter((wanted) => addressOn(adapter, wanted.address) !== undefined).length;
  const up = (adapter: NetworkAdapter): number => (adapter.status === 'up' ? 1 : 0);
  const ordered = [...loopbacksOf(state)].sort((a, b) => held(b) - held(a) || up(b) - up(a) || a.index - b.index);
  return ordered[0] ?? null;
}

function deviceCheck(loopback: NetworkAdapter | null): Check {
  const row = 'Adapter *MSLOOP';
  if (loopback === null) return check(row, { before: 'none', after: 'loopback' }, 'no-loopback');
  const named = { before: loopback.name, after: loopback.name };
  if (loopback.status === 'disabled') {
    return check(
      row,
      { before: `${loopback.name}, disabled`, after: `${loopback.name}, up` },
      'loopback-disabled',
      'stop',
    );
  }
  if (!loopback.driverOk || loopback.status !== 'up') {
    return check(
      row,
      { before: `${loopback.name}, not working`, after: `${loopback.name}, up` },
      'loopback-driver',
      'stop',
    );
  }
  return check(row, named, null);
}

function severalCheck(state: WindowsNetworkState): readonly Check[] {
  const count = loopbacksOf(state).length;
  if (count < 2) return [];
  const before = `${count} adapters`;
  return [check('Loopback adapters', { before, after: before }, 'several-loopbacks', 'report')];
}
