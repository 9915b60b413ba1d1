import type { NetworkAdapter } from '../windows/network-state';
import { adapterRefOf, addressOn, componentOf, interfaceOf, isBound } from './adapters';
import { wantedInterface } from './check-interface';
import { wantedComponents } from './check-bindings';
import { lanFamilies } from './check-lan';
import type { Difference } from './difference';
import { loopbackRef, type AdapterRef, type WindowsOperation } from './operations';
import type { ServerTarget } from './target';

/** The parts of a fix in their order; the LAN comes last because it is the way in. */
export const phases = ['install', 'bindings', 'interface', 'address', 'lan'] as const;
export type Phase = (typeof phases)[number];

export interface PhaseOperations {
  readonly phase: Phase;
  readonly operations: readonly WindowsOperation[];
}

/** The name given to an adapter that the fix installs; one that is there keeps its own. */
export const loopbackName = 'loopback';

/** Only what differs; nothing for a server that is right. Says nothing of what a person must settle first. */
export function fixOperations(target: ServerTarget, difference: Difference): readonly PhaseOperations[] {
  const { loopback, lans } = difference;
  const ref = loopbackRef(loopback?.deviceId ?? null);
  const all: readonly PhaseOperations[] = [
    { phase: 'install', operations: loopback === null ? [install()] : [] },
    { phase: 'bindings', operations: bindings(target, loopback, ref) },
    { phase: 'interface', operations: [...interfaces(target, loopback, ref), ...dns(loopback, ref)] },
    { phase: 'address', operations: addresses(target, loopback, ref) },
    { phase: 'lan', operations: lans.flatMap((adapter) => lan(target, adapter)) },
  ];
  return all.filter((part) => part.operations.length > 0);
}

function install(): WindowsOperation {
  return { operation: 'ensure-device', input: { name: loopbackName } };
}

function bindings(
  target: ServerTarget,
  loopback: NetworkAdapter | null,
  adapter: AdapterRef,
): readonly WindowsOperation[] {
  const components = wantedComponents(target, loopback);
  const bound = (loopback?.bindings ?? []).filter((binding) => binding.enabled).map((binding) => binding.component);
  const right = bound.length === components.length && components.every((component) => bound.includes(component));
  if (loopback !== null && right && loopback.netbios === 'off') return [];
  const set = components.map((component) => ({ component, enabled: true }));
  return [{ operation: 'bindings', input: { adapter, others: 'off', set, netbios: 'off' } }];
}

function interfaces(
  target: ServerTarget,
  loopback: NetworkAdapter | null,
  adapter: AdapterRef,
): readonly WindowsOperation[] {
  const families = target.families.filter((family) => {
    const ip = loopback === null ? null : interfaceOf(loopback, family);
    if (loopback === null || ip === null || !isBound(loopback, componentOf(family))) return true;
    return (
      ip.weakHostReceive !== wantedInterface.weakHostReceive ||
      ip.weakHostSend !== wantedInterface.weakHostSend ||
      ip.dadTransmits !== wantedInterface.dadTransmits ||
      ip.dhcp !== wantedInterface.dhcp ||
      ip.metric !== wantedInterface.metric
    );
  });
  if (families.length === 0) return [];
  const wanted = families.map((family) => ({ family, ...wantedInterface }));
  return [{ operation: 'interface', input: { adapter, families: wanted } }];
}

function dns(loopback: NetworkAdapter | null, adapter: AdapterRef): readonly WindowsOperation[] {
  if (loopback?.registersInDns === false) return [];
  return [{ operation: 'dns', input: { adapter, register: false } }];
}

function addresses(
  target: ServerTarget,
  loopback: NetworkAdapter | null,
  adapter: AdapterRef,
): readonly WindowsOperation[] {
  const remove: string[] = [];
  const add: { address: string; prefixLength: number; skipAsSource: boolean }[] = [];
  const update: { address: string; skipAsSource: boolean }[] = [];
  for (const wanted of target.addresses) {
    const held = loopback === null ? undefined : addressOn(loopback, wanted.address);
    const whole = { address: wanted.address, prefixLength: wanted.prefixLength, skipAsSource: true };
    // An address that is being tried only needs waiting for; one that was given up is set anew.
    if (held !== undefined && held.state !== 'Preferred' && held.state !== 'Tentative') remove.push(wanted.address);
    if (held?.state !== 'Preferred' || held.prefixLength !== wanted.prefixLength) add.push(whole);
    else if (!held.skipAsSource) update.push({ address: wanted.address, skipAsSource: true });
  }
  if (add.length === 0 && update.length === 0) return [];
  return [{ operation: 'addresses', input: { adapter, remove, add, update, waitSeconds: 15 } }];
}

function lan(target: ServerTarget, adapter: NetworkAdapter): readonly WindowsOperation[] {
  const families = lanFamilies(target, adapter)
    .filter((family) => interfaceOf(adapter, family)?.weakHostReceive === false)
    .map((family) => ({ family, weakHostReceive: true }));
  if (families.length === 0) return [];
  return [{ operation: 'lan', input: { adapter: adapterRefOf(adapter), families } }];
}
