import type { AdapterAddress, NetworkAdapter, WindowsNetworkState } from '../../windows/network-state';
import { addressOn, loopbacksOf, resolveAdapter } from '../adapters';
import { sameAddress } from '../addresses';
import { ruleTitle, type AdapterRef, type OperationInput, type WindowsOperation } from '../operations';
import type { HandAdapter } from './names';

/** What the lines need to know of the server at the time they are typed. */
export interface HandContext {
  readonly serverCore: boolean;
  /** The name that a new loopback adapter gets. */
  readonly newName: string;
  readonly adapterOf: (ref: AdapterRef) => HandAdapter;
  /** The address on the adapter, where it is there and has to go before it can be set anew. */
  readonly held: (ref: AdapterRef, address: string) => AdapterAddress | undefined;
  readonly hasRule: (name: string) => boolean;
}

/** For lines that are typed at a server in this state. */
export function contextOf(state: WindowsNetworkState, loopbackName: string): HandContext {
  const newName = freeName(state, loopbackName);
  const one = (ref: AdapterRef): NetworkAdapter | undefined => resolveAdapter(state, ref)[0];
  return {
    serverCore: state.serverCore,
    newName,
    adapterOf: (ref) => one(ref) ?? { name: loopbacksOf(state)[0]?.name ?? newName, index: null },
    held: (ref, address) => {
      const adapter = one(ref);
      return adapter === undefined ? undefined : addressOn(adapter, address);
    },
    hasRule: (name) => hasRule(state, name),
  };
}

/** For lines that take operations back: the server was in the state, then they were done. */
export function contextAfter(
  done: readonly WindowsOperation[],
  before: WindowsNetworkState,
  loopbackName: string,
): HandContext {
  const context = contextOf(before, loopbackName);
  return {
    ...context,
    held: (ref, address) => {
      const was = context.held(ref, address);
      const set = done.flatMap((operation) =>
        operation.operation === 'addresses' && operation.input.adapter.deviceId === ref.deviceId
          ? [...operation.input.add, ...operation.input.update]
          : [],
      );
      const now = set.find((item) => sameAddress(item.address, address));
      // Only that it is there counts, not how.
      return now === undefined ? undefined : { prefixLength: 0, state: 'Preferred', ...was, ...now };
    },
    hasRule: (name) =>
      done.some((operation) => operation.operation === 'firewall' && operation.input.add.some((r) => r.name === name)),
  };
}

/** Addresses that a line has to remove: those that go, and those that are set anew. Only what is there. */
export function goneBefore(input: OperationInput<'addresses'>, context: HandContext): readonly string[] {
  const named = new Set([...input.remove, ...input.add.map((item) => item.address)]);
  return [...named].filter((address) => context.held(input.adapter, address) !== undefined);
}

function hasRule(state: WindowsNetworkState, name: string): boolean {
  return state.firewall.allowRules.some((rule) => rule.name.toLowerCase() === ruleTitle(name).toLowerCase());
}

function freeName(state: WindowsNetworkState, wanted: string): string {
  const used = new Set(state.adapters.map((adapter) => adapter.name.toLowerCase()));
  let free = wanted;
  for (let number = 2; used.has(free.toLowerCase()); number += 1) free = `${wanted} ${number}`;
  return free;
}
