import type { AdapterAddress, NetworkAdapter, WindowsNetworkState } from '../windows/network-state';
import { addressOn } from './adapters';
import { isSelfAssigned, sameAddress } from './addresses';
import { check, type Check } from './checks';
import type { ServerTarget, TargetAddress } from './target';

export function addressChecks(
  target: ServerTarget,
  state: WindowsNetworkState,
  loopback: NetworkAdapter | null,
): readonly Check[] {
  return [
    ...target.addresses.flatMap((wanted) => [
      ...elsewhere(wanted, state, loopback),
      ...onLoopback(wanted, loopback === null ? undefined : addressOn(loopback, wanted.address)),
    ]),
    ...foreignAddresses(target, loopback).map((held) => {
      const before = `${held.address}/${held.prefixLength}`;
      return check('Other addresses on loopback', { before, after: before }, 'foreign-address', 'report');
    }),
  ];
}

/** Addresses on the loopback that no service asks for: kept and reported. */
export function foreignAddresses(target: ServerTarget, loopback: NetworkAdapter | null): readonly AdapterAddress[] {
  return (loopback?.addresses ?? []).filter(
    (held) =>
      !isSelfAssigned(held.address) && !target.addresses.some((wanted) => sameAddress(wanted.address, held.address)),
  );
}

function onLoopback(wanted: TargetAddress, held: AdapterAddress | undefined): readonly Check[] {
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
    ...stateCheck(row, address, held),
  ];
}

/** A tentative address becomes usable by itself or by switching duplicate address detection off; a duplicate does not. */
function stateCheck(row: string, address: string, held: AdapterAddress): readonly Check[] {
  const values = { before: held.state, after: 'Preferred', address };
  if (held.state === 'Preferred') return [];
  if (held.state === 'Duplicate') return [check(row, values, 'address-duplicate', 'stop')];
  return [check(row, values, 'address-not-preferred')];
}

function elsewhere(
  wanted: TargetAddress,
  state: WindowsNetworkState,
  loopback: NetworkAdapter | null,
): readonly Check[] {
  return state.adapters
    .filter((adapter) => adapter.index !== loopback?.index && addressOn(adapter, wanted.address) !== undefined)
    .map((adapter) =>
      check(
        wanted.address,
        { before: `on "${adapter.name}"`, after: 'on no other adapter', address: wanted.address },
        'vip-on-other-adapter',
        'stop',
      ),
    );
}
