import type { ErrorCode } from '../../errors';
import type { ForwardingMethod } from '../forwarding';

/**
 * What one reading of an appliance yields, whatever channel and version it came from. `null` always means that the
 * value could not be read: it is unknown, never zero and never healthy.
 */
export interface ApplianceReading {
  /** Milliseconds since 1970, this computer's clock. */
  readonly readAt: number;
  readonly via: 'ssh' | 'api' | 'webui';
  readonly hostname: string | null;
  /** For example `8.13.1`. */
  readonly version: string | null;
  /** The vendor's notice of a newer version, as the unit words it; empty when there is none. */
  readonly updateNotice: string | null;
  readonly licence: string | null;
  /** Seconds the unit's clock is ahead of this computer's. */
  readonly clockOffsetSeconds: number | null;
  readonly ha: HaReading;
  readonly services: readonly VirtualServiceReading[];
  /** Services that the unit asks to restart or reload ("Commit changes") [I]. */
  readonly pendingRestarts: readonly string[];
  /** Sections that did not answer or were not understood, by name with the reason. */
  readonly gaps: readonly ReadingGap[];
}

export interface ReadingGap {
  readonly section: string;
  readonly reason: string;
  /** Of a whole channel that failed before another one answered. */
  readonly code?: ErrorCode;
}

export interface HaReading {
  /** What the configuration says it is. */
  readonly role: 'primary' | 'secondary' | 'single' | null;
  /** What it does now. */
  readonly state: 'active' | 'passive' | null;
  readonly peerAddress: string | null;
  /** The peer's host name, where the configuration tells it. */
  readonly peerHostname?: string | null;
  /** Does heartbeat hear the peer? */
  readonly peerAlive: boolean | null;
  readonly floatingAddresses: readonly string[];
}

export interface VirtualServiceReading {
  readonly name: string;
  readonly layer: 4 | 7;
  readonly address: string;
  /** As configured, for example `80,443` or `8000-8010`. */
  readonly ports: string;
  readonly protocol: 'tcp' | 'udp' | 'tcpudp' | 'ops' | 'fwm' | 'http' | null;
  readonly method: ForwardingMethod | null;
  readonly scheduler: string | null;
  readonly check: HealthCheckReading | null;
  /** Traffic goes to the fallback server: no real server is in service. */
  readonly onFallback: boolean | null;
  readonly realServers: readonly RealServerReading[];
}

export interface HealthCheckReading {
  /** `connect`, `negotiate`, `ping`, `external`, `off`, `on` … */
  readonly type: string;
  readonly port: number | null;
}

/**
 * `online`: receives new connections. `drained`: weight 0, existing ones go on. `halted`: taken out on purpose.
 * `failed`: configured to be in, but its check fails. Halted and failed are told apart by the configuration.
 */
export type RealServerStatus = 'online' | 'drained' | 'halted' | 'failed';

export interface RealServerReading {
  /** The label, for example `ICA_WEB1`. */
  readonly name: string;
  readonly address: string;
  readonly port: number | null;
  readonly status: RealServerStatus | null;
  /** In service at some of its ports only, where the unit keeps an entry for each: it does not carry the service. */
  readonly partly?: boolean;
  /** The configured weight. */
  readonly weight: number | null;
  readonly activeConnections: number | null;
  readonly inactiveConnections: number | null;
  readonly connectionsPerSecond: number | null;
  /** Why the check failed, where the unit tells. */
  readonly checkText: string | null;
}
