import type { NetworkAdapter } from '../windows/network-state';
import { addressOn, addressesOf, interfaceOf } from './adapters';
import { familyOf } from './addresses';
import { check, type Check } from './checks';
import type { Family } from './operations';
import type { ServerTarget } from './target';

/** The LAN side: the adapters that own the real server's addresses, whatever kind they are (teams included). */
export function lanChecks(target: ServerTarget, lans: readonly NetworkAdapter[]): readonly Check[] {
  if (target.addresses.length === 0) return [];
  return [
    ...target.realAddresses
      .filter((address) => !lans.some((adapter) => addressOn(adapter, address)))
      .map((address) =>
        check('LAN adapter', { before: `none owns ${address}`, after: `owns ${address}` }, 'lan-not-found', 'stop'),
      ),
    ...lans.flatMap((adapter) => [...weakHost(target, adapter), alike(adapter)]),
  ];
}

/** Families of the services that reach the server by an address of this adapter. */
export function lanFamilies(target: ServerTarget, adapter: NetworkAdapter): readonly Family[] {
  const reached = target.memberships.filter((membership) => addressOn(adapter, membership.realAddress) !== undefined);
  return target.families.filter((family) => reached.some((membership) => familyOf(membership.vip) === family));
}

function weakHost(target: ServerTarget, adapter: NetworkAdapter): readonly Check[] {
  const several = target.families.length > 1;
  return lanFamilies(target, adapter).map((family) => {
    const row = `LAN “${adapter.name}” weak host${several ? `, ${family}` : ''}`;
    const ip = interfaceOf(adapter, family);
    const after = 'receive on';
    if (ip === null) return check(row, { before: `no ${family}`, after }, 'lan-not-bound', 'stop');
    return check(
      row,
      { before: `receive ${ip.weakHostReceive ? 'on' : 'off'}`, after },
      ip.weakHostReceive ? null : 'weak-host-receive-lan',
    );
  });
}

/** Named so that the plan shows what stays: addresses and gateway of the LAN are never touched. */
function alike(adapter: NetworkAdapter): Check {
  const addresses = [...addressesOf(adapter, 'IPv4'), ...addressesOf(adapter, 'IPv6')];
  const text = [...addresses.map((held) => `${held.address}/${held.prefixLength}`), ...adapter.gateways].join(', ');
  return check(`LAN “${adapter.name}” address, gateway`, { before: text, after: text }, null);
}
