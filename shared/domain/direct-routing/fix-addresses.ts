import type { NetworkAdapter } from '../windows/network-state';
import { addressOn, componentOf } from './adapters';
import { familyOf } from './addresses';
import { wantedComponents } from './check-bindings';
import type { Difference } from './difference';
import { loopbackRef, type OperationInput, type WindowsOperation } from './operations';
import { hiddenStale, removesStale, staleAddresses } from './stale';
import type { ServerTarget } from './target';

const waitSeconds = 15;

/** Stale addresses of a protocol that is about to be unbound: afterwards Windows would only hide them. */
export function leavingOperations(target: ServerTarget, loopback: NetworkAdapter | null): readonly WindowsOperation[] {
  if (loopback === null) return [];
  return removal(loopback, leaving(target, loopback));
}

/** First off the other loopback adapters: one address on two adapters is a duplicate. */
export function addressOperations(target: ServerTarget, difference: Difference): readonly WindowsOperation[] {
  return [
    ...difference.otherLoopbacks.flatMap((adapter) => removal(adapter, takenFrom(target, adapter))),
    ...onLoopback(target, difference),
  ];
}

function onLoopback(target: ServerTarget, { addresses, loopback }: Difference): readonly WindowsOperation[] {
  const gone = leaving(target, loopback);
  const remove = [
    ...stale(target, loopback).filter((address) => !gone.includes(address)),
    ...hiddenStale(target, loopback),
  ];
  const add: OperationInput<'addresses'>['add'] = [];
  const update: OperationInput<'addresses'>['update'] = [];
  for (const wanted of addresses) {
    const held = loopback === null ? undefined : addressOn(loopback, wanted.address);
    const whole = { address: wanted.address, prefixLength: wanted.prefixLength, skipAsSource: true };
    // An address that is being tried only needs waiting for; one that was given up is set anew.
    if (held !== undefined && held.state !== 'Preferred' && held.state !== 'Tentative') remove.push(wanted.address);
    if (held?.state !== 'Preferred' || held.prefixLength !== wanted.prefixLength) add.push(whole);
    else if (!held.skipAsSource) update.push({ address: wanted.address, skipAsSource: true });
  }
  if (remove.length === 0 && add.length === 0 && update.length === 0) return [];
  const adapter = loopbackRef(loopback?.deviceId ?? null);
  return [{ operation: 'addresses', input: { adapter, remove, add, update, waitSeconds } }];
}

function takenFrom(target: ServerTarget, adapter: NetworkAdapter): readonly string[] {
  const moved = target.addresses.filter((wanted) => addressOn(adapter, wanted.address) !== undefined);
  return [...moved.map((wanted) => wanted.address), ...stale(target, adapter)];
}

function leaving(target: ServerTarget, loopback: NetworkAdapter | null): readonly string[] {
  // A target without addresses leaves the bindings as they are.
  if (target.addresses.length === 0) return [];
  const staying = wantedComponents(target, loopback);
  return stale(target, loopback).filter((address) => {
    const family = familyOf(address);
    return family !== null && !staying.includes(componentOf(family));
  });
}

function stale(target: ServerTarget, adapter: NetworkAdapter | null): readonly string[] {
  return removesStale(target) ? staleAddresses(target, adapter).map((held) => held.address) : [];
}

function removal(adapter: NetworkAdapter, addresses: readonly string[]): readonly WindowsOperation[] {
  if (addresses.length === 0) return [];
  const input = { adapter: loopbackRef(adapter.deviceId), remove: [...addresses], add: [], update: [], waitSeconds };
  return [{ operation: 'addresses', input }];
}
