import type { NetworkAdapter, WindowsNetworkState } from '../windows/network-state';
import { adapterRefOf, addressOn, interfaceOf, loopbacksOf, resolveAdapter } from './adapters';
import { isSelfAssigned } from './addresses';
import { rulesBack } from './firewall-rules';
import {
  loopbackRef,
  type AdapterRef,
  type OperationInput,
  type SettingOperation,
  type WindowsOperation,
} from './operations';

/**
 * What takes operations back, exactly, in reverse order, from the state before them. A device goes only when there was
 * none before, which means that we made it. Holds also for a change that was cut off: run on a server where only the
 * first of the operations, or half of one, came to be, it ends at the same state.
 */
export function undoOperations(
  done: readonly WindowsOperation[],
  before: WindowsNetworkState,
): readonly SettingOperation[] {
  return [...done].reverse().flatMap((operation) => inverse(operation, before));
}

function inverse(operation: WindowsOperation, before: WindowsNetworkState): readonly SettingOperation[] {
  switch (operation.operation) {
    case 'read-state':
    case 'snapshot':
    case 'dead-man-arm':
    case 'dead-man-confirm':
    case 'dead-man-read':
    case 'dead-man-fire':
      return [];
    case 'firewall':
      return rulesBack(operation.input, before.firewall);
    case 'ensure-device':
      return loopbacksOf(before).length > 0
        ? []
        : [{ operation: 'remove-device', input: { adapter: loopbackRef(null) } }];
    case 'remove-device':
      return resolveAdapter(before, operation.input.adapter).flatMap((adapter) => recreate(adapter));
    case 'bindings':
      return withAdapter(before, operation.input.adapter, (adapter, ref) => [bindingsBack(adapter, ref)]);
    case 'interface':
      return withAdapter(before, operation.input.adapter, (adapter, ref) =>
        interfaceBack(operation.input, adapter, ref),
      );
    case 'dns':
      return withAdapter(before, operation.input.adapter, (adapter, ref) => [
        { operation: 'dns', input: { adapter: ref, register: adapter.registersInDns } },
      ]);
    case 'addresses':
      return withAdapter(before, operation.input.adapter, (adapter, ref) => [
        addressesBack(operation.input, adapter, ref),
      ]);
    case 'lan':
      return withAdapter(before, operation.input.adapter, (adapter, ref) => lanBack(operation.input, adapter, ref));
  }
}

/** The adapter as it was: under the same name, with every setting that a fix knows of. */
function recreate(adapter: NetworkAdapter): readonly SettingOperation[] {
  const ref = loopbackRef(null);
  const set = adapter.bindings.map(({ component, enabled }) => ({ component, enabled }));
  const families = (['IPv4', 'IPv6'] as const).flatMap((family) => {
    const ip = interfaceOf(adapter, family);
    return ip === null ? [] : [{ family, ...ip }];
  });
  const add = adapter.addresses
    .filter((held) => !isSelfAssigned(held.address))
    .map(({ address, prefixLength, skipAsSource }) => ({ address, prefixLength, skipAsSource }));
  const all: readonly SettingOperation[] = [
    { operation: 'ensure-device', input: { name: adapter.name } },
    { operation: 'bindings', input: { adapter: ref, others: 'leave', set, netbios: adapter.netbios } },
    { operation: 'interface', input: { adapter: ref, families } },
    { operation: 'dns', input: { adapter: ref, register: adapter.registersInDns } },
    { operation: 'addresses', input: { adapter: ref, remove: [], add, update: [], waitSeconds: 15 } },
  ];
  return all.filter((operation) => operation.operation !== 'interface' || families.length > 0);
}

/** An adapter that was not there before is taken back by removing it, not by setting it. */
function withAdapter(
  before: WindowsNetworkState,
  ref: AdapterRef,
  make: (adapter: NetworkAdapter, ref: AdapterRef) => readonly SettingOperation[],
): readonly SettingOperation[] {
  const [adapter, other] = resolveAdapter(before, ref);
  if (adapter === undefined || other !== undefined) return [];
  // By device, not by index: indexes may change over a restart, those of the LAN as well.
  return make(adapter, { ...adapterRefOf(adapter), index: null });
}

function bindingsBack(adapter: NetworkAdapter, ref: AdapterRef): SettingOperation {
  const set = adapter.bindings.map(({ component, enabled }) => ({ component, enabled }));
  return { operation: 'bindings', input: { adapter: ref, others: 'leave', set, netbios: adapter.netbios } };
}

function interfaceBack(
  input: OperationInput<'interface'>,
  adapter: NetworkAdapter,
  ref: AdapterRef,
): readonly SettingOperation[] {
  const families = input.families.flatMap(({ family }) => {
    const ip = interfaceOf(adapter, family);
    if (ip === null) return [];
    const { weakHostReceive, weakHostSend, dadTransmits, dhcp, metric } = ip;
    return [{ family, weakHostReceive, weakHostSend, dadTransmits, dhcp, metric }];
  });
  return families.length === 0 ? [] : [{ operation: 'interface', input: { adapter: ref, families } }];
}

function addressesBack(input: OperationInput<'addresses'>, adapter: NetworkAdapter, ref: AdapterRef): SettingOperation {
  const touched = [
    ...input.remove,
    ...input.add.map((item) => item.address),
    ...input.update.map((item) => item.address),
  ];
  const names = [...new Set(touched)];
  const remove = names.filter((address) => addressOn(adapter, address) === undefined);
  const add = names.flatMap((address) => {
    const held = addressOn(adapter, address);
    return held === undefined
      ? []
      : [{ address: held.address, prefixLength: held.prefixLength, skipAsSource: held.skipAsSource }];
  });
  return { operation: 'addresses', input: { adapter: ref, remove, add, update: [], waitSeconds: 15 } };
}

function lanBack(input: OperationInput<'lan'>, adapter: NetworkAdapter, ref: AdapterRef): readonly SettingOperation[] {
  const families = input.families.flatMap(({ family }) => {
    const ip = interfaceOf(adapter, family);
    return ip === null ? [] : [{ family, weakHostReceive: ip.weakHostReceive }];
  });
  return families.length === 0 ? [] : [{ operation: 'lan', input: { adapter: ref, families } }];
}
