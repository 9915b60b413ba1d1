import ipaddr from 'ipaddr.js';
import type { NetworkAdapter } from '../windows/network-state';
import { check, type Check } from './checks';
import { hostPrefix } from './addresses';
import type { ServerTarget, TargetAddress } from './target';

/** The addresses with the prefix they get on this server: the host's, or for IPv6 that of the network when chosen. */
export function addressesFor(target: ServerTarget, lans: readonly NetworkAdapter[]): readonly TargetAddress[] {
  if (target.options.ipv6Prefix === 'host') return target.addresses;
  return target.addresses.map((wanted) =>
    wanted.family === 'IPv6' ? { ...wanted, prefixLength: networkPrefix(wanted, lans) ?? 128 } : wanted,
  );
}

/** What the prefix of the network means for the server; nothing where every address has the host's. */
export function prefixChecks(target: ServerTarget, wanted: readonly TargetAddress[]): readonly Check[] {
  if (target.options.ipv6Prefix === 'host') return [];
  return wanted
    .filter((item) => item.family === 'IPv6')
    .map((item) => {
      const length = `/${item.prefixLength}`;
      const code = item.prefixLength === hostPrefix('IPv6') ? 'prefix-unknown' : 'network-prefix';
      return check('IPv6 prefix', { before: length, after: length, address: item.address }, code, 'report');
    });
}

function networkPrefix(wanted: TargetAddress, lans: readonly NetworkAdapter[]): number | null {
  const vip = ipaddr.parse(wanted.address);
  const shared = lans
    .flatMap((adapter) => adapter.addresses)
    .filter((held) => ipaddr.isValid(held.address))
    .filter((held) => {
      const own = ipaddr.parse(held.address);
      return own.kind() === 'ipv6' && own.range() !== 'linkLocal' && sameNetwork(vip, own, held.prefixLength);
    });
  return shared.length === 0 ? null : Math.max(...shared.map((held) => held.prefixLength));
}

type Parsed = ReturnType<typeof ipaddr.parse>;

function sameNetwork(a: Parsed, b: Parsed, prefixLength: number): boolean {
  const left = a.toByteArray();
  const right = b.toByteArray();
  if (left.length !== right.length) return false;
  return left.every((byte, index) => {
    const bits = Math.min(8, Math.max(0, prefixLength - index * 8));
    const mask = (0xff << (8 - bits)) & 0xff;
    return (byte & mask) === ((right[index] ?? 0) & mask);
  });
}
