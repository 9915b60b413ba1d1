import type { HealthCheckReading } from '#shared/domain/appliance/reading';
import type { ForwardingMethod } from '#shared/domain/forwarding';

/** What a configuration says, whether it came as XML or as JSON. `null`: not said. Holds no secrets. */
export interface ConfigModel {
  readonly version: string | null;
  readonly hostname: string | null;
  readonly role: 'primary' | 'secondary' | 'single' | null;
  readonly peerAddress: string | null;
  readonly peerHostname: string | null;
  readonly floatingAddresses: readonly string[];
  readonly services: readonly ConfigService[];
  /** ldirectord keeps a failed server in the table with weight 0 instead of taking it out. */
  readonly quiescent: boolean | null;
  /** Names under `global/restart` that say yes [I]. */
  readonly pendingRestarts: readonly string[];
}

export interface ConfigService {
  readonly name: string;
  readonly layer: 4 | 7;
  readonly address: string;
  readonly ports: string;
  readonly protocol: 'tcp' | 'udp' | 'tcpudp' | 'ops' | 'fwm' | 'http' | null;
  readonly method: ForwardingMethod | null;
  readonly scheduler: string | null;
  readonly check: HealthCheckReading | null;
  readonly fallback: { readonly address: string; readonly port: number | null } | null;
  readonly realServers: readonly ConfigRealServer[];
}

export interface ConfigRealServer {
  readonly name: string;
  readonly address: string;
  readonly port: number | null;
  readonly weight: number | null;
  /** How it was set by a person; `in` when nothing says otherwise. */
  readonly wanted: 'in' | 'drained' | 'halted';
}
