import type { NetworkAdapter } from '../windows/network-state';
import { adapterRefOf, componentOf, interfaceOf, isBound } from './adapters';
import { wantedInterface } from './check-interface';
import { wantedComponents } from './check-bindings';
import { lanFamilies } from './check-lan';
import type { Difference } from './difference';
import { addressOperations, leavingOperations } from './fix-addresses';
import { loopbackRef, type AdapterRef, type OwnFirewallRule, type WindowsOperation } from './operations';
import type { ServerTarget } from './target';

/** The parts of a fix in their order; the LAN comes last because it is the way in. */
export const phases = ['install', 'bindings', 'interface', 'address', 'firewall', 'lan'] as const;
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
  // A target without addresses only clears up.
  const serves = target.addresses.length > 0;
  const all: readonly PhaseOperations[] = [
    { phase: 'install', operations: serves && loopback === null ? [install()] : [] },
    {
      phase: 'bindings',
      operations: serves ? [...leavingOperations(target, loopback), ...bindings(target, loopback, ref)] : [],
    },
    { phase: 'interface', operations: serves ? [...interfaces(target, loopback, ref), ...dns(loopback, ref)] : [] },
    { phase: 'address', operations: addressOperations(target, difference) },
    { phase: 'firewall', operations: firewall(difference.rules) },
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

function firewall(rules: readonly OwnFirewallRule[]): readonly WindowsOperation[] {
  return rules.length === 0 ? [] : [{ operation: 'firewall', input: { add: [...rules], remove: [] } }];
}

function lan(target: ServerTarget, adapter: NetworkAdapter): readonly WindowsOperation[] {
  const families = lanFamilies(target, adapter)
    .filter((family) => interfaceOf(adapter, family)?.weakHostReceive === false)
    .map((family) => ({ family, weakHostReceive: true }));
  if (families.length === 0) return [];
  return [{ operation: 'lan', input: { adapter: adapterRefOf(adapter), families } }];
}
