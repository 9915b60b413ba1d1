import { PracticeClock } from '#engine/practice-site/clock';
import {
  inService,
  PracticeWorld,
  type Appliance,
  type RealServer,
  type Traffic,
  type VirtualService,
  type WindowsHost,
  type WorldState,
} from '#engine/practice-site/world/index';
import { server as windowsState, lanAdapter } from '#test/unit/direct-routing/windows-fixtures';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import { hosts, servers, units, type ServerPlace, type UnitPlace } from './names';

export const pairName = 'lb-lab';
export const site = 'Network lab';
export const unitNames: Readonly<Record<UnitPlace, string>> = { lb1: 'lb-lab-1', lb2: 'lb-lab-2' };
export const serverNames: Readonly<Record<ServerPlace, string>> = { s1: 'LAB-APP01', s2: 'LAB-APP02', s3: 'LAB-APP03' };

/** How many connections go to a real server, by MAC and port. */
export type ConnectionCounts = (
  mac: string,
  ports: readonly number[],
) => { readonly active: number; readonly all: number };

/** The practice appliance's world, in which counts are those of real packets. */
export class LabWorld extends PracticeWorld {
  realCounts: ConnectionCounts = () => ({ active: 0, all: 0 });

  constructor(onState: () => void) {
    super(emptyState(Date.now()), new PracticeClock(1), 1, onState);
  }

  override traffic(unitName: string, service: VirtualService, real: RealServer): Traffic | null {
    const status = inService(this.state, this.appliance(unitName), service, real);
    if (status === 'halted' || status === 'failed') return null;
    const mac = macOf(real.address);
    const { active, all } = mac === null ? { active: 0, all: 0 } : this.realCounts(mac, portsOf(service));
    return { active, inactive: all - active, perSecond: 0, connections: all, inBytes: 0, outBytes: 0 };
  }
}

/** The MAC of the real server with this address; the real appliance would ask by ARP. */
export function macOf(address: string): string | null {
  return servers.map((place) => hosts[place]).find((host) => host.address === address)?.mac ?? null;
}

export function portsOf(service: VirtualService): readonly number[] {
  return service.ports.split(',').map(Number);
}

/** A pair without a service. What it has later is given to it by `lbcli`. */
function emptyState(now: number): WorldState {
  return {
    pairs: [{ name: pairName, site, services: [], floatingAddresses: [] }],
    appliances: units.map((place, index): Appliance => ({
      name: unitNames[place],
      pair: pairName,
      role: index === 0 ? 'primary' : 'secondary',
      address: hosts[place].address,
      mac: hosts[place].mac,
      version: '8.13.2',
      offeredVersion: null,
      licence: 'Enterprise',
      ha: index === 0 ? 'active' : 'passive',
      power: 'on',
      bootedAt: now,
      pendingRestarts: [],
      restartNeeded: false,
      installing: null,
      failingChecks: [],
      apiEnabled: false,
      authorizedKeys: [],
    })),
    // How the servers really are is asked over the wire. Here each passes its check; `failingChecks` tells of the others.
    windows: servers.map((place): WindowsHost => ({
      name: serverNames[place],
      site,
      address: hosts[place].address,
      network: untouched(place),
      listening: [80, 443, 4444],
    })),
  };
}

/** A Windows server to which nothing was done. */
export function untouched(place: ServerPlace): WindowsNetworkState {
  const { address, mac } = hosts[place];
  return windowsState(
    [
      lanAdapter({
        mac: mac.toUpperCase().replaceAll(':', '-'),
        addresses: [{ address, prefixLength: 24, skipAsSource: false, state: 'Preferred' }],
        gateways: [],
      }),
    ],
    { computerName: serverNames[place] },
  );
}
