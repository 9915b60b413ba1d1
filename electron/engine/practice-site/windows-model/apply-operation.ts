import type { NetworkAdapter, WindowsNetworkState } from '#shared/domain/windows/network-state';
import { isLoopback, loopbacksOf, resolveAdapter } from '#shared/domain/direct-routing/adapters';
import type { ScriptEvent } from '#shared/domain/direct-routing/events';
import type { AdapterRef, WindowsOperation } from '#shared/domain/direct-routing/operations';
import { setFirewall } from './firewall';
import { ModelFault } from './model-fault';
import { newLoopback } from './new-adapter';
import { setAddresses, setBindings, setDns, setInterface, setLan, type Changed } from './settings';
import { settle, visibleState } from './visible';

export interface ApplyOptions {
  /** Addresses that another host on the segment holds already: duplicate address detection finds them. */
  readonly takenElsewhere: readonly string[];
  /** Addresses that become `Duplicate` when they are set; `any`: all of them. */
  readonly conflicts?: readonly string[] | 'any' | undefined;
  /** A protection program stops what compiles the device code. */
  readonly addTypeBlocked?: boolean | undefined;
  /** The driver never answers. */
  readonly installHangs?: boolean | undefined;
}

export interface Applied {
  readonly state: WindowsNetworkState;
  /** What the script would print for this operation after its `begin`. */
  readonly events: readonly ScriptEvent[];
  readonly failed: boolean;
}

/**
 * What Windows would do with one operation: the state after it and the lines the script would print. A refused
 * operation leaves the state as it was. Pure. For the operations of the dead-man see `applyToMachine`.
 */
export function applyOperation(
  state: WindowsNetworkState,
  operation: WindowsOperation,
  options: ApplyOptions = { takenElsewhere: [] },
): Applied {
  try {
    const refusal = refused(state, operation);
    if (refusal !== null) throw refusal;
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

/** Why the script does not even begin with an operation; `null` when it does. Reading needs no rights of this kind. */
export function refused(state: WindowsNetworkState, { operation }: WindowsOperation): ModelFault | null {
  if (operation === 'read-state') return null;
  if (state.languageMode !== 'FullLanguage') return new ModelFault('language_mode', state.languageMode);
  if (!state.is64BitProcess) return new ModelFault('not_64_bit', 'The process is not 64-bit.');
  if (!state.isAdministrator) return new ModelFault('not_administrator', 'The process has no administrator token.');
  return null;
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
          resultOf('snapshot', [], {
            path: `C:\\ProgramData\\Evenkeel\\snapshots\\${operation.input.name}.json`,
            bytes: JSON.stringify(visibleState(state)).length,
          }),
        ],
      };
    case 'ensure-device':
      return ensureDevice(state, operation.input.name, options);
    case 'remove-device':
      return removeDevice(state, operation.input.adapter, options);
    case 'bindings':
      return change(state, operation, operation.input.adapter, (adapter) => setBindings(adapter, operation.input));
    case 'interface':
      return change(state, operation, operation.input.adapter, (adapter) => setInterface(adapter, operation.input));
    case 'dns':
      return change(state, operation, operation.input.adapter, (adapter) => setDns(adapter, operation.input));
    case 'addresses':
      return change(state, operation, operation.input.adapter, (adapter) =>
        setAddresses(adapter, operation.input, options),
      );
    case 'lan':
      return change(state, operation, operation.input.adapter, (adapter) => setLan(adapter, operation.input));
    case 'firewall': {
      const { firewall, changed } = setFirewall(state.firewall, operation.input);
      return { next: { ...state, firewall }, events: [resultOf('firewall', changed, {})] };
    }
    case 'dead-man-arm':
    case 'dead-man-confirm':
    case 'dead-man-read':
    case 'dead-man-fire':
      throw new ModelFault('failed', 'A network state alone keeps no scheduled task.');
  }
}

function ensureDevice(state: WindowsNetworkState, name: string, options: ApplyOptions): ReturnType<typeof perform> {
  const [present] = loopbacksOf(state);
  if (present !== undefined) return { next: state, events: [resultOf('ensure-device', [], device(present, false))] };
  compile(options);
  if (options.installHangs === true) throw new ModelFault('install_timeout', 'setupapi.dev.log could not be read.');
  const names = new Set(state.adapters.map((adapter) => adapter.name.toLowerCase()));
  let free = name;
  for (let number = 2; names.has(free.toLowerCase()); number += 1) free = `${name} ${number}`;
  const adapter = newLoopback(state, free);
  return {
    next: { ...state, adapters: [...state.adapters, adapter] },
    events: [resultOf('ensure-device', [`installed ${adapter.deviceId}`], device(adapter, true))],
  };
}

function device(adapter: NetworkAdapter, created: boolean): Record<string, string | number | boolean> {
  return { created, deviceId: adapter.deviceId, index: adapter.index, name: adapter.name };
}

/** What Add-Type says where Windows Defender stops the compiler's file (ERROR_VIRUS_INFECTED) [D]. */
function compile(options: ApplyOptions): void {
  if (options.addTypeBlocked !== true) return;
  const why =
    'Operation did not complete successfully because the file contains a virus or potentially unwanted software.';
  throw new ModelFault('add_type_blocked', why);
}

function removeDevice(state: WindowsNetworkState, ref: AdapterRef, options: ApplyOptions): ReturnType<typeof perform> {
  const matching = resolveAdapter(state, ref);
  if (matching.length === 0) return { next: state, events: [resultOf('remove-device', [], {})] };
  const adapter = one(state, ref);
  if (!isLoopback(adapter)) throw new ModelFault('not_a_loopback', `${adapter.deviceId} is not a loopback adapter.`);
  compile(options);
  return {
    next: { ...state, adapters: state.adapters.filter((other) => other !== adapter) },
    events: [resultOf('remove-device', [`removed ${adapter.deviceId}`], { deviceId: adapter.deviceId })],
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
  return { next, events: [resultOf(operation.operation, changed.changed, { index: adapter.index })] };
}

function one(state: WindowsNetworkState, ref: AdapterRef): NetworkAdapter {
  const matching = resolveAdapter(state, ref);
  const [adapter] = matching;
  if (adapter === undefined) throw new ModelFault('adapter_not_found', 'No adapter fits.');
  if (matching.length > 1) throw new ModelFault('adapter_ambiguous', `${matching.length} adapters fit.`);
  return adapter;
}

export function resultOf(
  operation: string,
  changed: readonly string[],
  facts: Record<string, string | number | boolean | null>,
): ScriptEvent {
  return { event: 'result', operation, changed: [...changed], facts };
}
