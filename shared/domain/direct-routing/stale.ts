import type { AdapterAddress, NetworkAdapter } from '../windows/network-state';
import { componentOf, isBound } from './adapters';
import { familyOf, isSelfAssigned, normaliseAddress, sameAddress } from './addresses';
import { check, type Check } from './checks';
import type { ServerTarget } from './target';

/** The most addresses that one operation removes. */
const most = 200;

/** Addresses on a loopback that are or were virtual services, and that no service of the server has. */
export function staleAddresses(target: ServerTarget, adapter: NetworkAdapter | null): readonly AdapterAddress[] {
  const known = new Set(target.knownVips);
  return unwanted(target, adapter).filter((held) => known.has(normaliseAddress(held.address)));
}

/** Addresses on a loopback that no service asks for and none ever had, as far as is known. */
export function foreignAddresses(target: ServerTarget, adapter: NetworkAdapter | null): readonly AdapterAddress[] {
  const known = new Set([...target.knownVips, ...target.unsureVips]);
  return unwanted(target, adapter).filter((held) => !known.has(normaliseAddress(held.address)));
}

/** Addresses on a loopback that a pair which is not in the inventory any more may still send to. */
function unsureAddresses(target: ServerTarget, adapter: NetworkAdapter): readonly AdapterAddress[] {
  const unsure = new Set(target.unsureVips);
  return unwanted(target, adapter).filter((held) => unsure.has(normaliseAddress(held.address)));
}

/** Addresses beside the wanted ones that stay where they are. */
export function keptAddresses(target: ServerTarget, adapter: NetworkAdapter | null): readonly AdapterAddress[] {
  if (!removesStale(target)) return unwanted(target, adapter);
  const stale = new Set(staleAddresses(target, adapter));
  return unwanted(target, adapter).filter((held) => !stale.has(held));
}

/** An address of a pair that was not read would look stale: then none is removed. */
export function removesStale(target: ServerTarget): boolean {
  return target.options.removeStale && target.unreadPairs.length === 0;
}

/**
 * Known addresses that may come into view when the fix binds their protocol: Windows keeps the addresses of an unbound
 * protocol and gives them back with the binding [D].
 */
export function hiddenStale(target: ServerTarget, adapter: NetworkAdapter | null): readonly string[] {
  if (adapter === null || !removesStale(target)) return [];
  const bound = target.families.filter((family) => !isBound(adapter, componentOf(family)));
  return target.knownVips.filter((address) => bound.some((family) => family === familyOf(address))).slice(0, most);
}

export function staleChecks(target: ServerTarget, loopbacks: readonly NetworkAdapter[]): readonly Check[] {
  const removes = removesStale(target);
  const found = loopbacks.flatMap((adapter) =>
    staleAddresses(target, adapter).map((held) => {
      const before = `${held.address}/${held.prefixLength} on “${adapter.name}”`;
      const after = removes ? `${held.address} absent` : before;
      const values = { before, after, address: normaliseAddress(held.address) };
      return check('Addresses of former services', values, 'stale-address', removes ? 'fix' : 'report');
    }),
  );
  const unsure = loopbacks.flatMap((adapter) =>
    unsureAddresses(target, adapter).map((held) => {
      const before = `${held.address}/${held.prefixLength} on “${adapter.name}”`;
      const values = { before, after: before, address: normaliseAddress(held.address) };
      return check('Addresses of former services', values, 'stale-unsure', 'report');
    }),
  );
  if (found.length === 0 || removes || !target.options.removeStale) return [...found, ...unsure];
  const before = `not known: ${target.unreadPairs.join(', ')}`;
  return [...found, ...unsure, check('Services', { before, after: before }, 'stale-unsure', 'report')];
}

function unwanted(target: ServerTarget, adapter: NetworkAdapter | null): readonly AdapterAddress[] {
  return (adapter?.addresses ?? []).filter(
    (held) =>
      !isSelfAssigned(held.address) && !target.addresses.some((wanted) => sameAddress(wanted.address, held.address)),
  );
}
