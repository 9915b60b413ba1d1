import type { AdapterAddress, IpInterface, NetworkAdapter } from '#shared/domain/windows/network-state';
import { addressOn, componentOf, interfaceOf, isBound } from '#shared/domain/direct-routing/adapters';
import { familyOf, sameAddress } from '#shared/domain/direct-routing/addresses';
import type { ScriptFailure } from '#shared/domain/direct-routing/events';
import type { Family, OperationInput } from '#shared/domain/direct-routing/operations';
import { ModelFault } from './model-fault';

export interface Changed {
  readonly adapter: NetworkAdapter;
  readonly changed: readonly string[];
  /** Found after the change was made. */
  readonly fault: { readonly code: ScriptFailure; readonly message: string } | null;
}

export function setBindings(adapter: NetworkAdapter, input: OperationInput<'bindings'>): Changed {
  const wanted = new Map(input.set.map((item) => [item.component, item.enabled]));
  const changed: string[] = [];
  const bindings = adapter.bindings.map((binding) => {
    const enabled = wanted.get(binding.component) ?? (input.others === 'off' ? false : binding.enabled);
    if (enabled !== binding.enabled) changed.push(`${binding.component} ${enabled ? 'on' : 'off'}`);
    return { ...binding, enabled };
  });
  const netbios = input.netbios ?? adapter.netbios;
  if (netbios !== adapter.netbios) changed.push(`NetBIOS ${netbios}`);
  return { adapter: { ...adapter, bindings, netbios }, changed, fault: null };
}

export function setInterface(adapter: NetworkAdapter, input: OperationInput<'interface'>): Changed {
  let next = adapter;
  const changed: string[] = [];
  for (const { family, ...values } of input.families) {
    const before = boundInterface(next, family);
    if (JSON.stringify(before) !== JSON.stringify(ordered(values))) changed.push(`${family} interface`);
    next = withInterface(next, family, ordered(values));
  }
  return { adapter: next, changed, fault: null };
}

export function setDns(adapter: NetworkAdapter, input: OperationInput<'dns'>): Changed {
  const changed =
    adapter.registersInDns === input.register ? [] : [`DNS registration ${input.register ? 'on' : 'off'}`];
  return { adapter: { ...adapter, registersInDns: input.register }, changed, fault: null };
}

export function setLan(adapter: NetworkAdapter, input: OperationInput<'lan'>): Changed {
  let next = adapter;
  const changed: string[] = [];
  for (const { family, weakHostReceive } of input.families) {
    const before = boundInterface(next, family);
    if (before.weakHostReceive !== weakHostReceive) changed.push(`${family} WeakHostReceive`);
    next = withInterface(next, family, { ...before, weakHostReceive });
  }
  return { adapter: next, changed, fault: null };
}

export function setAddresses(adapter: NetworkAdapter, input: OperationInput<'addresses'>, options: Conflicts): Changed {
  const changed: string[] = [];
  let addresses = adapter.addresses.filter((held) => {
    const goes = shows(adapter, held) && input.remove.some((address) => sameAddress(address, held.address));
    if (goes) changed.push(`removed ${held.address}`);
    return !goes;
  });
  for (const wanted of input.add) {
    const present = addresses.find((held) => sameAddress(held.address, wanted.address));
    const next = { ...wanted, state: stateOfNew(adapter, wanted.address, options) };
    const same = present?.prefixLength === wanted.prefixLength && present.skipAsSource === wanted.skipAsSource;
    if (same && present.state === 'Preferred') continue;
    if (same && present.state === 'Tentative') {
      // Nothing to set; the script only waits until it is Preferred.
      addresses = addresses.map((held) => (held === present ? next : held));
      continue;
    }
    changed.push(`added ${wanted.address}/${wanted.prefixLength}`);
    addresses = [...addresses.filter((held) => held !== present), next];
  }
  for (const wanted of input.update) {
    const present = addresses.find((held) => shows(adapter, held) && sameAddress(held.address, wanted.address));
    if (present === undefined) throw new ModelFault('failed', `No address ${wanted.address} on this adapter.`);
    if (present.skipAsSource === wanted.skipAsSource) continue;
    changed.push(`corrected ${wanted.address}`);
    addresses = addresses.map((held) => (held === present ? { ...held, skipAsSource: wanted.skipAsSource } : held));
  }
  const next = { ...adapter, addresses };
  const duplicate = input.add.find((wanted) => addressOn(next, wanted.address)?.state === 'Duplicate');
  const fault =
    duplicate === undefined
      ? null
      : { code: 'address_conflict' as const, message: `${duplicate.address} is in use by another host.` };
  return { adapter: next, changed, fault };
}

/** Addresses that another host holds. */
interface Conflicts {
  readonly takenElsewhere: readonly string[];
  readonly conflicts?: readonly string[] | 'any' | undefined;
}

function stateOfNew(
  adapter: NetworkAdapter,
  address: string,
  { takenElsewhere: taken, conflicts = [] }: Conflicts,
): AdapterAddress['state'] {
  const family = familyOf(address);
  if (family === null) throw new ModelFault('bad_input', `${address} is no address.`);
  if (conflicts === 'any' || conflicts.some((other) => sameAddress(other, address))) return 'Duplicate';
  const asks = boundInterface(adapter, family).dadTransmits > 0;
  return asks && taken.some((other) => sameAddress(other, address)) ? 'Duplicate' : 'Preferred';
}

/** Addresses of a protocol that is not bound, or of a disabled adapter, are kept but cannot be seen or removed. */
function shows(adapter: NetworkAdapter, held: AdapterAddress): boolean {
  const family = familyOf(held.address);
  return family !== null && adapter.status !== 'disabled' && isBound(adapter, componentOf(family));
}

function boundInterface(adapter: NetworkAdapter, family: Family): IpInterface {
  const ip = interfaceOf(adapter, family);
  if (ip === null || adapter.status === 'disabled' || !isBound(adapter, componentOf(family))) {
    throw new ModelFault('interface_missing', `No ${family} interface with index ${adapter.index}.`);
  }
  return ip;
}

function withInterface(adapter: NetworkAdapter, family: Family, ip: IpInterface): NetworkAdapter {
  return family === 'IPv4' ? { ...adapter, ipv4: ip } : { ...adapter, ipv6: ip };
}

function ordered(values: IpInterface): IpInterface {
  const { weakHostReceive, weakHostSend, dadTransmits, dhcp, metric } = values;
  return { weakHostReceive, weakHostSend, dadTransmits, dhcp, metric };
}
