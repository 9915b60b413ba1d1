import type { ServerNode } from '../../contract/overview';
import type { RealServerReading, RealServerStatus, VirtualServiceReading } from '../appliance/reading';
import type { State } from '../state';
import { withAge } from './age';
import { cleanCount, cleanLabel, cleanPort, cleanRate, cleanText } from './clean';
import type { DrFact, WindowsRef } from './types';

/**
 * How far a reading may be believed. `live`: read just now from the active unit. `configured`: from a passive unit,
 * whose configuration holds but whose live state says nothing. `stale`: too old; values are kept, states are not.
 */
export type Trust = 'live' | 'configured' | 'stale';

interface Verdict {
  readonly state: State;
  readonly word: string;
}

/**
 * The state of a real server from both sides. The appliance's health check goes to the server's own address, so an
 * online server of a Direct Routing service is healthy only when the server's side is proved.
 */
export function serverVerdict(
  status: RealServerStatus | null,
  trust: Trust,
  readAt: number,
  dr: DrFact,
  now: number,
): Verdict {
  if (trust === 'stale') return { state: 'unknown', word: withAge('unknown', readAt, now) };
  if (trust === 'configured' || status === null) return { state: 'unknown', word: 'unknown' };
  if (status !== 'online') return { state: status, word: status };
  switch (dr.verdict) {
    case 'proved':
    case 'not-needed':
      return { state: 'healthy', word: 'healthy' };
    case 'fix-missing':
      return { state: 'degraded', word: 'needs DR fix' };
    case 'unknown':
      return { state: 'unknown', word: withAge('unknown', dr.readAt, now) };
  }
}

export const notNeeded: DrFact = { verdict: 'not-needed', word: 'not needed', readAt: null, pending: false };

export interface ServerPlace {
  readonly id: string;
  readonly serviceId: string;
  readonly pairId: string;
  readonly order: number;
  readonly windows: WindowsRef | null;
}

export function serverNode(
  server: RealServerReading,
  place: ServerPlace,
  trust: Trust,
  readAt: number,
  dr: DrFact,
  now: number,
): ServerNode {
  const { windows, ...ids } = place;
  // A passive unit forwards nothing: its connection counts and what it sees of the checks mean nothing.
  const seen = trust !== 'configured';
  return {
    kind: 'server',
    ...ids,
    name: cleanLabel(server.name),
    address: server.address,
    port: cleanPort(server.port),
    windowsId: windows?.id ?? null,
    windowsName: windows === null ? null : cleanLabel(windows.name),
    ...serverVerdict(server.status, trust, readAt, dr, now),
    receives: trust === 'live' && server.status !== null ? server.status === 'online' : null,
    status: seen ? server.status : null,
    checkText: seen ? cleanText(server.checkText) : null,
    activeConnections: seen ? cleanCount(server.activeConnections) : null,
    inactiveConnections: seen ? cleanCount(server.inactiveConnections) : null,
    connectionsPerSecond: seen ? cleanRate(server.connectionsPerSecond) : null,
    weight: cleanCount(server.weight),
    dr: dr.verdict,
    drWord: cleanLabel(dr.word),
    drReadAt: dr.readAt,
    readAt,
    stale: trust === 'stale',
    since: null,
  };
}

export function usesDirectRouting(service: VirtualServiceReading): boolean {
  return service.layer === 4 && service.method === 'gate';
}
