import type { NetworkAdapter, WindowsNetworkState } from '#shared/domain/windows/network-state';
import { loopbackHardwareId } from '#shared/domain/direct-routing/operations';

const bindings = ['ms_msclient', 'ms_pacer', 'ms_server', 'ms_tcpip', 'ms_tcpip6', 'ms_lltdio', 'ms_rspndr', 'ms_lldp'];

/** A loopback adapter as Windows sets it up: everything bound, strong host model, automatic address. */
export function newLoopback(state: WindowsNetworkState, name: string): NetworkAdapter {
  const index = Math.max(0, ...state.adapters.map((adapter) => adapter.index)) + 1;
  const used = new Set(state.adapters.map((adapter) => adapter.deviceId.toUpperCase()));
  let number = 0;
  while (used.has(deviceId(number))) number += 1;
  const ip = { weakHostReceive: false, weakHostSend: false, dadTransmits: 3, dhcp: true, metric: null };
  return {
    index,
    name,
    description:
      number === 0 ? 'Microsoft KM-TEST Loopback Adapter' : `Microsoft KM-TEST Loopback Adapter #${number + 1}`,
    hardwareId: loopbackHardwareId,
    deviceId: deviceId(number),
    mac: '02-00-4C-4F-4F-50',
    status: 'up',
    driverOk: true,
    bindings: bindings.map((component) => ({ component, enabled: true })),
    netbios: 'default',
    registersInDns: true,
    ipv4: ip,
    ipv6: { ...ip, dadTransmits: 1 },
    addresses: [],
    gateways: [],
  };
}

function deviceId(number: number): string {
  return `ROOT\\NET\\${number.toString().padStart(4, '0')}`;
}
