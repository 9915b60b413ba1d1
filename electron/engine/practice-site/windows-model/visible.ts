import type { AdapterAddress, NetworkAdapter, WindowsNetworkState } from '#shared/domain/windows/network-state';
import { componentOf, isBound, isLoopback } from '#shared/domain/direct-routing/adapters';
import { familyOf, isSelfAssigned } from '#shared/domain/direct-routing/addresses';

/**
 * What Windows shows of its state: an unbound protocol or a disabled adapter has no interface and no addresses, though
 * the settings are kept and come back with the binding [D].
 */
export function visibleState(state: WindowsNetworkState): WindowsNetworkState {
  return { ...state, adapters: state.adapters.map(visibleAdapter) };
}

function visibleAdapter(adapter: NetworkAdapter): NetworkAdapter {
  const on = adapter.status !== 'disabled';
  const four = on && isBound(adapter, componentOf('IPv4'));
  const six = on && isBound(adapter, componentOf('IPv6'));
  return {
    ...adapter,
    ipv4: four ? adapter.ipv4 : null,
    ipv6: six ? adapter.ipv6 : null,
    addresses: adapter.addresses.filter((held) => (familyOf(held.address) === 'IPv4' ? four : six)),
  };
}

/** Lets the loopback adapters take and give up the addresses that Windows assigns by itself. */
export function settle(state: WindowsNetworkState): WindowsNetworkState {
  return {
    ...state,
    adapters: state.adapters.map((adapter) => (isLoopback(adapter) ? selfAssigned(adapter) : adapter)),
  };
}

function selfAssigned(adapter: NetworkAdapter): NetworkAdapter {
  const given = adapter.addresses.filter((held) => !isSelfAssigned(held.address));
  const automatic: AdapterAddress[] = [];
  const hasFour = given.some((held) => familyOf(held.address) === 'IPv4');
  if (adapter.ipv4?.dhcp === true && !hasFour) automatic.push(self(`169.254.77.${adapter.index % 250}`, 16));
  if (adapter.ipv6 !== null) automatic.push(self(`fe80::${adapter.index.toString(16)}`, 64));
  return { ...adapter, addresses: [...given, ...automatic] };
}

function self(address: string, prefixLength: number): AdapterAddress {
  return { address, prefixLength, skipAsSource: false, state: 'Preferred' };
}
