import type { HandContext } from './context';
import { remarkName, type HandAdapter } from './names';

export const protocolNames = {
  IPv4: 'Internet Protocol Version 4 (TCP/IPv4)',
  IPv6: 'Internet Protocol Version 6 (TCP/IPv6)',
} as const;

/** How a person installs the adapter [G]. */
export function installRemarks({ serverCore }: HandContext): readonly string[] {
  if (serverCore) return ['Server Core has no hardware wizard: the full script installs the adapter.'];
  return [
    'Run hdwwiz: install the hardware manually, Network adapters, Microsoft, Microsoft KM-TEST Loopback Adapter.',
  ];
}

export function removeRemarks({ name }: HandAdapter): readonly string[] {
  return [`Device Manager, Network adapters: uninstall the Microsoft KM-TEST Loopback Adapter “${remarkName(name)}”.`];
}
