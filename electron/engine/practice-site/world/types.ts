import type { ForwardingMethod } from '#shared/domain/forwarding';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import type { DeadMan } from '../windows-model/index';

/** All that is true on the practice site. Plain and immutable: every change makes a new value. */
export interface WorldState {
  readonly pairs: readonly Pair[];
  readonly appliances: readonly Appliance[];
  readonly windows: readonly WindowsHost[];
}

/** A clustered pair and the configuration that both units share. The site is also the network segment. */
export interface Pair {
  readonly name: string;
  readonly site: string;
  readonly services: readonly VirtualService[];
  readonly floatingAddresses: readonly string[];
}

export interface Appliance {
  readonly name: string;
  readonly pair: string;
  readonly role: 'primary' | 'secondary';
  readonly address: string;
  readonly mac: string;
  readonly version: string;
  /** The newer version the unit knows of. */
  readonly offeredVersion: string | null;
  readonly licence: string;
  readonly ha: 'active' | 'passive';
  readonly power: 'on' | 'restarting';
  /** Practice time in milliseconds. */
  readonly bootedAt: number;
  /** What the "Commit changes" box asks to restart [I]. */
  readonly pendingRestarts: readonly string[];
  readonly restartNeeded: boolean;
  readonly installing: Installation | null;
  readonly failingChecks: readonly RealServerName[];
  readonly apiEnabled: boolean;
  /** Public keys that root may log on with: OpenSSH's one-line form. */
  readonly authorizedKeys: readonly string[];
}

export interface Installation {
  readonly version: string;
  /** 0 to 100. */
  readonly percent: number;
}

export interface RealServerName {
  readonly service: string;
  readonly realServer: string;
}

export interface VirtualService {
  readonly label: string;
  readonly layer: 4 | 7;
  readonly address: string;
  readonly ports: string;
  readonly protocol: 'tcp' | 'udp' | 'tcpudp' | 'ops' | 'fwm' | 'http';
  readonly forwarding: ForwardingMethod;
  readonly scheduler: string;
  readonly persistent: boolean;
  readonly persistSeconds: number;
  readonly granularity: string;
  readonly feedback: string;
  readonly fallbackAddress: string;
  readonly fallbackPort: string;
  readonly check: ServiceCheck;
  readonly realServers: readonly RealServer[];
}

export interface ServiceCheck {
  readonly type: string;
  /** Empty: the service's first port, or the real server's own. */
  readonly port: string;
  readonly service: string;
  readonly request: string;
  readonly response: string;
  readonly command: string;
  readonly vhost: string;
  readonly login: string;
  readonly password: string;
  readonly secret: string;
}

export interface RealServer {
  readonly label: string;
  readonly address: string;
  /** Empty in Direct Routing: there is no port translation [V]. */
  readonly port: string;
  readonly weight: number;
  readonly minConnections: number;
  readonly maxConnections: number;
  readonly intent: 'online' | 'drained' | 'halted';
  readonly load: Load;
}

/** What the real server carries when everything is in service. */
export interface Load {
  readonly active: number;
  readonly inactive: number;
  readonly perSecond: number;
}

export interface WindowsHost {
  readonly name: string;
  readonly site: string;
  /** The address by which the appliances know it. */
  readonly address: string;
  readonly network: WindowsNetworkState;
  readonly listening: readonly number[];
  /** What it takes back by itself, or took back. Not there in a site that was saved before there were any. */
  readonly deadMen?: readonly DeadMan[] | undefined;
}
