import type { AdapterAddress, NetworkAdapter, WindowsNetworkState } from '../windows/network-state';
import { addressOn, isLoopback } from './adapters';
import { check, type Check } from './checks';
import { foreignAddresses } from './stale';
import type { ServerTarget, TargetAddress } from './target';

/** The wanted addresses, with the prefix they get on this server, beside those that the adapters hold. */
export function addressChecks(
  wanted: readonly TargetAddress[],
  state: WindowsNetworkState,
  loopback: NetworkAdapter | null,
): readonly Check[] {
  return wanted.flatMap((item) => {
    const others = state.adapters.filter(
      (adapter) => adapter.index !== loopback?.index && addressOn(adapter, item.address) !== undefined,
    );
    const held = loopback === null ? undefined : addressOn(loopback, item.address);
    return [...others.map((adapter) => elsewhere(item, adapter)), ...onLoopback(item, held, others.some(isLoopback))];
  });
}

/** Addresses on the loopback that no service asks for: kept and reported. */
export function foreignChecks(target: ServerTarget, loopback: NetworkAdapter | null): readonly Check[] {
  return foreignAddresses(target, loopback).map((held) => {
    const before = `${held.address}/${held.prefixLength}`;
    return check('Other addresses on loopback', { before, after: before }, 'foreign-address', 'report');
  });
}

function onLoopback(wanted: TargetAddress, held: AdapterAddress | undefined, twice: boolean): readonly Check[] {
  const row = wanted.address;
  const address = wanted.address;
  const mask = `/${wanted.prefixLength}`;
  if (held === undefined) {
    return [check(row, { before: 'absent', after: `${mask}, SkipAsSource`, address }, 'no-address')];
  }
  return [
    check(
      row,
      { before: `/${held.prefixLength}`, after: mask, address },
      held.prefixLength === wanted.prefixLength ? null : 'wrong-mask',
    ),
    check(
      row,
      { before: held.skipAsSource ? 'SkipAsSource' : 'used as source', after: 'SkipAsSource', address },
      held.skipAsSource ? null : 'skip-as-source',
    ),
    ...stateCheck(row, address, held, twice),
  ];
}

/**
 * A tentative address becomes usable by itself or by switching duplicate address detection off. A duplicate does not,
 * unless the other one is on this server's other loopback adapter: the fix takes that one away.
 */
function stateCheck(row: string, address: string, held: AdapterAddress, twice: boolean): readonly Check[] {
  const values = { before: held.state, after: 'Preferred', address };
  if (held.state === 'Preferred') return [];
  if (held.state === 'Duplicate') return [check(row, values, 'address-duplicate', twice ? 'fix' : 'stop')];
  return [check(row, values, 'address-not-preferred')];
}

/**
 * On another loopback adapter nothing answers ARP for it, and it can be moved. On any other adapter the server answers,
 * and somebody may have meant it: a person decides.
 */
function elsewhere(wanted: TargetAddress, adapter: NetworkAdapter): Check {
  const values = { before: `on "${adapter.name}"`, after: 'on no other adapter', address: wanted.address };
  if (isLoopback(adapter)) return check(wanted.address, values, 'vip-on-other-loopback');
  return check(wanted.address, values, 'vip-on-other-adapter', 'stop');
}
