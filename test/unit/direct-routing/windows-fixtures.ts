import type {
  AdapterAddress,
  IpInterface,
  NetworkAdapter,
  WindowsNetworkState,
} from '#shared/domain/windows/network-state';

export const components = ['ms_msclient', 'ms_server', 'ms_pacer', 'ms_tcpip', 'ms_tcpip6', 'ms_lltdio', 'ms_rspndr'];
export const strongHost: IpInterface = {
  weakHostReceive: false,
  weakHostSend: false,
  dadTransmits: 3,
  dhcp: false,
  metric: null,
};
export const weakHost: IpInterface = {
  weakHostReceive: true,
  weakHostSend: true,
  dadTransmits: 0,
  dhcp: false,
  metric: 254,
};

/** An address as it stands on a loopback adapter when all is well. */
export function held(address: string, over: Partial<AdapterAddress> = {}): AdapterAddress {
  return { address, prefixLength: address.includes(':') ? 128 : 32, skipAsSource: true, state: 'Preferred', ...over };
}

export function lanAdapter(over: Partial<NetworkAdapter> = {}): NetworkAdapter {
  return {
    index: 12,
    name: 'net',
    description: 'vmxnet3 Ethernet Adapter',
    hardwareId: String.raw`PCI\VEN_15AD&DEV_07B0`,
    deviceId: String.raw`PCI\VEN_15AD&DEV_07B0\FF56500026CB7E00`,
    mac: '00-50-56-9C-02-11',
    status: 'up',
    driverOk: true,
    bindings: components.map((component) => ({ component, enabled: true })),
    netbios: 'default',
    registersInDns: true,
    ipv4: strongHost,
    ipv6: { ...strongHost, dadTransmits: 1 },
    addresses: [{ address: '192.168.100.111', prefixLength: 24, skipAsSource: false, state: 'Preferred' }],
    gateways: ['192.168.100.1'],
    ...over,
  };
}

/** An adapter beside the LAN, in another network. */
export function otherAdapter(over: Partial<NetworkAdapter> = {}): NetworkAdapter {
  return lanAdapter({
    index: 3,
    name: 'Überwachung [1]',
    deviceId: String.raw`PCI\VEN_8086\1`,
    addresses: [held('10.0.0.5', { prefixLength: 8, skipAsSource: false })],
    gateways: [],
    ...over,
  });
}

/** A team: it owns the addresses, its two members carry nothing but the multiplexor. */
export function teamAdapters(over: Partial<NetworkAdapter> = {}): readonly NetworkAdapter[] {
  const member = (index: number): NetworkAdapter =>
    lanAdapter({
      index,
      name: `NIC${index}`,
      deviceId: `PCI\\VEN_8086\\${index}`,
      bindings: components.map((component) => ({ component, enabled: component === 'ms_pacer' })),
      ipv4: null,
      ipv6: null,
      addresses: [],
      gateways: [],
    });
  const team = { name: 'Team1', hardwareId: String.raw`COMPOSITEBUS\MS_IMPLAT_MP`, description: 'Multiplexor' };
  return [member(4), member(6), lanAdapter({ ...team, deviceId: String.raw`COMPOSITEBUS\MS_IMPLAT_MP\0`, ...over })];
}

export function rightLoopback(over: Partial<NetworkAdapter> = {}): NetworkAdapter {
  return {
    index: 17,
    name: 'loopback',
    description: 'Microsoft KM-TEST Loopback Adapter',
    hardwareId: '*MSLOOP',
    deviceId: String.raw`ROOT\NET\0000`,
    mac: '02-00-4C-4F-4F-50',
    status: 'up',
    driverOk: true,
    bindings: components.map((component) => ({ component, enabled: component === 'ms_tcpip' })),
    netbios: 'off',
    registersInDns: false,
    ipv4: weakHost,
    ipv6: null,
    addresses: [{ address: '192.168.100.100', prefixLength: 32, skipAsSource: true, state: 'Preferred' }],
    gateways: [],
    ...over,
  };
}

export function server(
  adapters: readonly NetworkAdapter[],
  over: Partial<WindowsNetworkState> = {},
): WindowsNetworkState {
  return {
    readAt: 1_795_315_636_000,
    computerName: 'ICA-APP02',
    osName: 'Microsoft Windows Server 2019 Standard',
    osBuild: '17763',
    serverCore: false,
    languageMode: 'FullLanguage',
    is64BitProcess: true,
    isAdministrator: true,
    pendingReboot: false,
    clusterPresent: false,
    nlbPresent: false,
    bootedAt: '2026-11-01T02:00:00.0000000+00:00',
    adapters,
    firewall: {
      profiles: [
        { name: 'Domain', enabled: true },
        { name: 'Private', enabled: true },
        { name: 'Public', enabled: true },
      ],
      allowRules: [80, 443, 4444].map((port) => ({
        name: `Imaging ${port}`,
        profiles: ['Any'],
        protocol: 'TCP',
        localPorts: [String(port)],
      })),
    },
    ...over,
  };
}

export function untouchedServer(): WindowsNetworkState {
  return server([lanAdapter()]);
}

export function rightServer(): WindowsNetworkState {
  return server([lanAdapter({ ipv4: { ...strongHost, weakHostReceive: true } }), rightLoopback()]);
}
