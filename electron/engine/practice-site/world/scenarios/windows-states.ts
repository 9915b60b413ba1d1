import type {
  AdapterAddress,
  IpInterface,
  NetworkAdapter,
  WindowsNetworkState,
} from '#shared/domain/windows/network-state';
import type { WindowsHost } from '../types';

/** What was done about the Direct Routing fix on a server. */
export type FixStage = 'right' | 'untouched' | 'half-done' | 'lan-missed';

export interface WindowsHostPlan {
  readonly name: string;
  readonly site: string;
  readonly address: string;
  readonly address6?: string;
  readonly gateway: string;
  readonly mac: string;
  readonly lanName?: string;
  readonly loopbackName?: string;
  readonly osName?: string;
  readonly osBuild?: string;
  readonly serverCore?: boolean;
  readonly fix: FixStage;
  readonly vips: readonly string[];
  readonly listening: readonly number[];
  /** Ports that the firewall lets in; those that are listened on when left out. */
  readonly allowed?: readonly number[];
  /** Hours before the practice site was opened. */
  readonly upHours: number;
}

const components = ['ms_msclient', 'ms_server', 'ms_pacer', 'ms_tcpip', 'ms_tcpip6', 'ms_lltdio', 'ms_rspndr'];

const windowsDefault: IpInterface = {
  weakHostReceive: false,
  weakHostSend: false,
  dadTransmits: 3,
  dhcp: false,
  metric: null,
};

/** A Windows server at a stage of the Direct Routing fix. */
export function windowsHost(plan: WindowsHostPlan, now: number): WindowsHost {
  const adapters = [lanAdapter(plan), ...(plan.fix === 'untouched' ? [] : [loopbackAdapter(plan)])];
  const network: WindowsNetworkState = {
    readAt: now,
    computerName: plan.name,
    osName: plan.osName ?? 'Microsoft Windows Server 2019 Standard',
    osBuild: plan.osBuild ?? '17763',
    serverCore: plan.serverCore ?? false,
    languageMode: 'FullLanguage',
    is64BitProcess: true,
    isAdministrator: true,
    pendingReboot: false,
    clusterPresent: false,
    nlbPresent: false,
    bootedAt: new Date(now - plan.upHours * 3_600_000).toISOString(),
    adapters,
    firewall: {
      profiles: [
        { name: 'Domain', enabled: true },
        { name: 'Private', enabled: true },
        { name: 'Public', enabled: true },
      ],
      allowRules: (plan.allowed ?? plan.listening).map((port) => ({
        name: `Imaging ${port}`,
        profiles: ['Any'],
        protocol: 'TCP',
        localPorts: [String(port)],
      })),
    },
  };
  return { name: plan.name, site: plan.site, address: plan.address, network, listening: plan.listening };
}

function lanAdapter(plan: WindowsHostPlan): NetworkAdapter {
  const receives = plan.fix === 'right';
  const six = plan.vips.some((vip) => vip.includes(':'));
  return {
    index: 12,
    name: plan.lanName ?? 'net',
    description: 'vmxnet3 Ethernet Adapter',
    hardwareId: String.raw`PCI\VEN_15AD&DEV_07B0`,
    deviceId: String.raw`PCI\VEN_15AD&DEV_07B0&SUBSYS_07B015AD&REV_01\FF56500026CB7E00`,
    mac: plan.mac,
    status: 'up',
    driverOk: true,
    bindings: components.map((component) => ({ component, enabled: true })),
    netbios: 'default',
    registersInDns: true,
    ipv4: { ...windowsDefault, weakHostReceive: receives },
    ipv6: { ...windowsDefault, dadTransmits: 1, weakHostReceive: receives && six },
    addresses: [
      address(plan.address, 24, false),
      ...(plan.address6 === undefined ? [] : [address(plan.address6, 64, false)]),
    ],
    gateways: [plan.gateway],
  };
}

function loopbackAdapter(plan: WindowsHostPlan): NetworkAdapter {
  const half = plan.fix === 'half-done';
  const four = plan.vips.some((vip) => !vip.includes(':'));
  const six = plan.vips.some((vip) => vip.includes(':'));
  const on: IpInterface = { weakHostReceive: true, weakHostSend: true, dadTransmits: 0, dhcp: false, metric: 254 };
  const used = (component: string): boolean =>
    half || (component === 'ms_tcpip' && four) || (component === 'ms_tcpip6' && six);
  return {
    index: 17,
    name: plan.loopbackName ?? (half ? 'Ethernet 2' : 'loopback'),
    description: 'Microsoft KM-TEST Loopback Adapter',
    hardwareId: '*MSLOOP',
    deviceId: String.raw`ROOT\NET\0000`,
    mac: '02:00:4c:4f:4f:50',
    status: 'up',
    driverOk: true,
    bindings: components.map((component) => ({ component, enabled: used(component) })),
    netbios: half ? 'default' : 'off',
    registersInDns: half,
    ipv4: half ? windowsDefault : four ? on : windowsDefault,
    ipv6: half ? { ...windowsDefault, dadTransmits: 1 } : six ? on : { ...windowsDefault, dadTransmits: 1 },
    addresses: plan.vips.map((vip) => address(vip, vip.includes(':') ? (half ? 64 : 128) : half ? 24 : 32, !half)),
    gateways: [],
  };
}

function address(value: string, prefixLength: number, skipAsSource: boolean): AdapterAddress {
  return { address: value, prefixLength, skipAsSource, state: 'Preferred' };
}
