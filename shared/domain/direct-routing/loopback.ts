import type { NetworkAdapter, WindowsNetworkState } from '../windows/network-state';
import { addressOn, loopbacksOf } from './adapters';
import { check, type Check } from './checks';
import type { ServerTarget } from './target';

/**
 * The loopback adapter that the fix works on. Where there are several: one that works, then the one with most of the
 * VIPs, then the lowest index. The others keep what they hold but the VIPs.
 */
export function chooseLoopback(target: ServerTarget, state: WindowsNetworkState): NetworkAdapter | null {
  const held = (adapter: NetworkAdapter): number =>
    target.addresses.filter((wanted) => addressOn(adapter, wanted.address) !== undefined).length;
  const works = (adapter: NetworkAdapter): number => (adapter.status === 'up' && adapter.driverOk ? 1 : 0);
  const ordered = [...loopbacksOf(state)].sort((a, b) => works(b) - works(a) || held(b) - held(a) || a.index - b.index);
  return ordered[0] ?? null;
}

export function deviceChecks(target: ServerTarget, loopback: NetworkAdapter | null): readonly Check[] {
  return target.addresses.length === 0 ? [] : [deviceCheck(loopback)];
}

function deviceCheck(loopback: NetworkAdapter | null): Check {
  const row = 'Adapter *MSLOOP';
  if (loopback === null) return check(row, { before: 'none', after: 'loopback' }, 'no-loopback');
  const { name, status, driverOk } = loopback;
  const up = `${name}, up`;
  if (status === 'disabled') return check(row, { before: `${name}, disabled`, after: up }, 'loopback-disabled', 'stop');
  if (!driverOk || status !== 'up') {
    return check(row, { before: `${name}, not working`, after: up }, 'loopback-driver', 'stop');
  }
  return check(row, { before: name, after: name }, null);
}

/** Told with the names: which one is meant cannot be seen from a count. */
export function severalCheck(loopbacks: readonly NetworkAdapter[], chosen: NetworkAdapter | null): readonly Check[] {
  if (loopbacks.length < 2) return [];
  const names = loopbacks.map(({ name, status }) => (status === 'up' ? `“${name}”` : `“${name}” (${status})`));
  const before = `${names.join(', ')}; “${chosen?.name ?? ''}” is used`;
  return [check('Loopback adapters', { before, after: before }, 'several-loopbacks', 'report')];
}
