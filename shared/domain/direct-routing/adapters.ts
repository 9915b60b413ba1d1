import type { AdapterAddress, IpInterface, NetworkAdapter, WindowsNetworkState } from '../windows/network-state';
import { familyOf, sameAddress } from './addresses';
import { loopbackHardwareId, type AdapterRef, type Family } from './operations';

export function isLoopback(adapter: NetworkAdapter): boolean {
  return adapter.hardwareId.toUpperCase() === loopbackHardwareId;
}

export function loopbacksOf(state: WindowsNetworkState): readonly NetworkAdapter[] {
  return state.adapters.filter(isLoopback);
}

/** Component that carries the family. */
export function componentOf(family: Family): 'ms_tcpip' | 'ms_tcpip6' {
  return family === 'IPv4' ? 'ms_tcpip' : 'ms_tcpip6';
}

export function isBound(adapter: NetworkAdapter, component: string): boolean {
  return adapter.bindings.some((binding) => binding.component === component && binding.enabled);
}

export function interfaceOf(adapter: NetworkAdapter, family: Family): IpInterface | null {
  return family === 'IPv4' ? adapter.ipv4 : adapter.ipv6;
}

export function addressOn(adapter: NetworkAdapter, address: string): AdapterAddress | undefined {
  return adapter.addresses.find((held) => sameAddress(held.address, address));
}

export function addressesOf(adapter: NetworkAdapter, family: Family): readonly AdapterAddress[] {
  return adapter.addresses.filter((held) => familyOf(held.address) === family);
}

/** Adapters that a reference matches; an operation goes on only with exactly one. */
export function resolveAdapter(state: WindowsNetworkState, ref: AdapterRef): readonly NetworkAdapter[] {
  if (ref.hardwareId === null && ref.deviceId === null && ref.index === null) return [];
  return state.adapters.filter(
    (adapter) =>
      (ref.hardwareId === null || adapter.hardwareId.toUpperCase() === ref.hardwareId) &&
      (ref.deviceId === null || adapter.deviceId.toUpperCase() === ref.deviceId.toUpperCase()) &&
      (ref.index === null || adapter.index === ref.index),
  );
}

export function adapterRefOf(adapter: NetworkAdapter): AdapterRef {
  return {
    hardwareId: isLoopback(adapter) ? loopbackHardwareId : null,
    deviceId: adapter.deviceId,
    index: adapter.index,
  };
}
