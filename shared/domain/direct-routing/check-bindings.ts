import type { NetworkAdapter } from '../windows/network-state';
import { componentOf } from './adapters';
import { familyOf } from './addresses';
import { check, type Check } from './checks';
import { keptAddresses } from './stale';
import type { ServerTarget } from './target';

/**
 * The components that stay bound: the protocols of the VIPs, and those of other addresses that stay, which unbinding
 * would take away.
 */
export function wantedComponents(target: ServerTarget, loopback: NetworkAdapter | null): readonly string[] {
  const kept = keptAddresses(target, loopback).map((held) => familyOf(held.address));
  return (['IPv4', 'IPv6'] as const)
    .filter((family) => target.families.includes(family) || kept.includes(family))
    .map(componentOf);
}

export function bindingChecks(target: ServerTarget, loopback: NetworkAdapter | null): readonly Check[] {
  const row = 'Loopback bindings';
  const wanted = wantedComponents(target, loopback);
  const after = `${wanted.join(', ')} only`;
  if (loopback === null) {
    return [
      check(row, { before: 'not set', after }, 'binding'),
      check('Loopback NetBIOS', { before: 'not set', after: 'off' }, 'netbios'),
    ];
  }
  const bound = loopback.bindings.filter((binding) => binding.enabled).map((binding) => binding.component);
  const right = bound.length === wanted.length && wanted.every((component) => bound.includes(component));
  return [
    check(row, { before: right ? after : bound.join(', ') || 'none', after }, right ? null : 'binding'),
    check(
      'Loopback NetBIOS',
      { before: loopback.netbios, after: 'off' },
      loopback.netbios === 'off' ? null : 'netbios',
    ),
  ];
}

export function dnsChecks(loopback: NetworkAdapter | null): readonly Check[] {
  const before = loopback === null ? 'not set' : loopback.registersInDns ? 'registered' : 'not registered';
  return [
    check(
      'Loopback in DNS',
      { before, after: 'not registered' },
      loopback?.registersInDns === false ? null : 'dns-registration',
    ),
  ];
}
