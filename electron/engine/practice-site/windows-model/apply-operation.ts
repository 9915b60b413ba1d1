import type { NetworkAdapter, WindowsNetworkState } from '#shared/domain/windows/network-state';
import { isLoopback, loopbacksOf, resolveAdapter } from '#shared/domain/direct-routing/adapters';
import type { ScriptEvent } from '#shared/domain/direct-routing/events';
import type { AdapterRef, WindowsOperation } from '#shared/domain/direct-routing/operations';
import { ModelFault } from './model-fault';
import { newLoopback } from './new-adapter';
import { setAddresses, setBindings, setDns, setInterface, setLan, type Changed } from './settings';
import { settle, visibleState } from './visible';

export interface ApplyOptions {
  /** Addresses that another host on the segment holds already: duplicate address detection finds them. */
  readonly takenElsewhere: readonly string[];
}

export interface Applied {
  readonly state: WindowsNetworkState;
  /** What the script would print for this operation after its `begin`. */
  readonly events: readonly ScriptEvent[];
  readonly failed: boolean;
}

/**
 * What Windows would do with one operation: the state after it and the lines the script would print. A refused
 * operation leaves the state as it was. Pure.
 */
export function applyOperation(
  state: WindowsNetworkState,
  operation: WindowsOperation,
  options: ApplyOptions = { takenElsewhere: [] },
): Applied {
  try {
    if (!state.isAdministrator) throw new ModelFault('not_administrator', 'The process has no administrator token.');
    const { next, events } = perform(state, operation, options);
    return { state: settle(next), events, failed: false };
  } catch (error) {
    if (!(error instanceof ModelFault)) throw error;
    const line: ScriptEvent = {
      event: 'error',
      operation: operation.operation,
      code: error.code,
      message: error.message,
      line: 1,
    };
    return { state: error.partly ?? state, events: [line], failed: true };
  }
}

function perform(
  state: WindowsNetworkState,
  operation: WindowsOperation,
  options: ApplyOptions,
): { readonly next: WindowsNetworkState; readonly events: readonly ScriptEvent[] } {
  switch (operation.operation) {
    case 'read-state':
      return { next: state, events: [{ event: 'state', state: visibleState(state) }] };
    case 'snapshot':
      return {
        next: state,
        events: [
          result('snapshot', [], { path: `C:\\ProgramData\\Evenkeel\\snapshots\\${operation.input.name}.json` }),
        ],
      };
    case 'ensure-device':
      return ensureDevice(state, operation.input.name);
    case 'remove-device':
      return removeDevice(state, operation.input.adapter);
    case 'bindings':
      return change(state, operation, operation.input.adapter, (adapter) => setBindings(adapter, operation.input));
    case 'interface':
      return change(state, operation, operation.input.adapter, (adapter) => setInterface(adapter, operation.input));
    case 'dns':
      return change(state, operation, operation.input.adapter, (adapter) => setDns(adapter, operation.input));
    case 'addresses':
      return change(state, operation, operation.input.adapter, (adapter) =>
        setAddresses(adapter, operation.input, options.takenElsewhere),
      );
    case 'lan':
      return change(state, operation, operation.input.adapter, (adapter) => setLan(adapter, operation.input));
  }
}

function ensureDevice(state: WindowsNetworkState, name: string): ReturnType<typeof perform> {
  const [present] = loopbacksOf(state);
  if (present !== undefined) return { next: state, events: [result('ensure-device', [], device(present, false))] };
  const names = new Set(state.adapters.map((adapter) => adapter.name.toLowerCase()));
  let free = name;
  for (let number = 2; names.has(free.toLowerCase()); number += 1) free = `${name} ${number}`;
  const adapter = newLoopback(state, free);
  return {
    next: { ...state, adapters: [...state.adapters, adapter] },
    events: [result('ensure-device', [`installed ${adapter.deviceId}`], device(adapter, true))],
  };
}

function device(adapter: NetworkAdapter, created: boolean): Record<string, string | number | boolean> {
  return { created, deviceId: adapter.deviceId, index: adapter.index, name: adapter.name };
}

function removeDevice(state: WindowsNetworkState, ref: AdapterRef): ReturnType<typeof perform> {
  const matching = resolveAdapter(state, ref);
  if (matching.length === 0) return { next: state, events: [result('remove-device', [], {})] };
  const adapter = one(state, ref);
  if (!isLoopback(adapter)) throw new ModelFault('not_a_loopback', `${adapter.deviceId} is not a loopback adapter.`);
  return {
    next: { ...state, adapters: state.adapters.filter((other) => other !== adapter) },
    events: [result('remove-device', [`removed ${adapter.deviceId}`], { deviceId: adapter.deviceId })],
  };
}

function change(
  state: WindowsNetworkState,
  operation: WindowsOperation,
  ref: AdapterRef,
  set: (adapter: NetworkAdapter) => Changed,
): ReturnType<typeof perform> {
  const adapter = one(state, ref);
  const changed = set(adapter);
  const next = {
    ...state,
    adapters: state.adapters.map((other) => (other === adapter ? changed.adapter : other)),
  };
  if (changed.fault !== null) throw new ModelFault(changed.fault.code, changed.fault.message, settle(next));
  return { next, events: [result(operation.operation, changed.changed, { index: adapter.index })] };
}

function one(state: WindowsNetworkState, ref: AdapterRef): NetworkAdapter {
  const matching = resolveAdapter(state, ref);
  const [adapter] = matching;
  if (adapter === undefined) throw new ModelFault('adapter_not_found', 'No adapter fits.');
  if (matching.length > 1) throw new ModelFault('adapter_ambiguous', `${matching.length} adapters fit.`);
  return adapter;
}

function result(
  operation: string,
  changed: readonly string[],
  facts: Record<string, string | number | boolean>,
): ScriptEvent {
  return { event: 'result', operation, changed: [...changed], facts };
}
