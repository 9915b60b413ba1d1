import type { NetworkAdapter, WindowsNetworkState } from '#shared/domain/windows/network-state';
import type { WindowsServer } from './server';

export interface WindowsIdentity {
  readonly computerName: string | null;
  readonly osName: string | null;
  /** Addresses of its LAN adapters: never those of a loopback adapter, which are the services' own. */
  readonly addresses: readonly string[];
}

const loopbackHardware = '*MSLOOP';

/** Asks a server who it is. Reads only; throws what reading throws. */
export async function identifyWindows(server: WindowsServer, signal: AbortSignal): Promise<WindowsIdentity> {
  return identityOf(await server.readState(signal));
}

export function identityOf(state: WindowsNetworkState): WindowsIdentity {
  return {
    computerName: state.computerName || null,
    osName: state.osName || null,
    addresses: state.adapters
      .filter(isLan)
      .flatMap((adapter) => adapter.addresses.map((one) => one.address).filter(isUsable)),
  };
}

function isLan(adapter: NetworkAdapter): boolean {
  return adapter.hardwareId.toUpperCase() !== loopbackHardware;
}

/** Link-local addresses name no server on an appliance. */
function isUsable(address: string): boolean {
  return !/^(fe80:|169\.254\.|127\.|::1$)/i.test(address);
}
