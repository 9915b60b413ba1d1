/**
 * The network state of a Windows server as the read-only script reports it. The same value is snapshot, starting point
 * of the difference, and proof.
 */
export interface WindowsNetworkState {
  /** Milliseconds since 1970, this computer's clock. */
  readonly readAt: number;
  readonly computerName: string;
  /** For example `Microsoft Windows Server 2019 Standard`. */
  readonly osName: string;
  readonly osBuild: string;
  readonly serverCore: boolean;
  readonly languageMode: string;
  readonly is64BitProcess: boolean;
  readonly isAdministrator: boolean;
  readonly pendingReboot: boolean;
  /** The failover cluster service or NLB is present. */
  readonly clusterPresent: boolean;
  readonly nlbPresent: boolean;
  /** ISO 8601 with zone. */
  readonly bootedAt: string | null;
  readonly adapters: readonly NetworkAdapter[];
  readonly firewall: FirewallState;
}

export interface NetworkAdapter {
  readonly index: number;
  readonly name: string;
  readonly description: string;
  /** `*MSLOOP` for the Microsoft KM-TEST Loopback Adapter: the only way it is recognised. */
  readonly hardwareId: string;
  readonly deviceId: string;
  readonly mac: string;
  readonly status: 'up' | 'down' | 'disabled';
  readonly driverOk: boolean;
  readonly bindings: readonly AdapterBinding[];
  /** NetBIOS over TCP/IP. */
  readonly netbios: 'default' | 'on' | 'off';
  readonly registersInDns: boolean;
  readonly ipv4: IpInterface | null;
  readonly ipv6: IpInterface | null;
  readonly addresses: readonly AdapterAddress[];
  readonly gateways: readonly string[];
}

export interface AdapterBinding {
  /** For example `ms_tcpip`. */
  readonly component: string;
  readonly enabled: boolean;
}

export interface IpInterface {
  readonly weakHostReceive: boolean;
  readonly weakHostSend: boolean;
  readonly dadTransmits: number;
  readonly dhcp: boolean;
  /** `null` when Windows chooses it. */
  readonly metric: number | null;
}

export interface AdapterAddress {
  readonly address: string;
  readonly prefixLength: number;
  readonly skipAsSource: boolean;
  readonly state: 'Preferred' | 'Tentative' | 'Duplicate' | 'Deprecated' | 'Invalid';
}

export interface FirewallState {
  /** `null` when it could not be read. */
  readonly profiles: readonly FirewallProfile[] | null;
  /** Enabled inbound rules that allow TCP or UDP ports. */
  readonly allowRules: readonly FirewallRule[];
}

export interface FirewallProfile {
  readonly name: 'Domain' | 'Private' | 'Public';
  readonly enabled: boolean;
}

export interface FirewallRule {
  readonly name: string;
  readonly profiles: readonly ('Domain' | 'Private' | 'Public' | 'Any')[];
  readonly protocol: 'TCP' | 'UDP' | 'Any';
  /** As Windows gives them: `80`, `8000-8010`, `Any`. */
  readonly localPorts: readonly string[];
}
