import type { ServerNode, ServiceNode } from '../../contract/overview';
import type { VirtualServiceReading } from '../appliance/reading';
import type { State } from '../state';
import { withAge } from './age';
import { cleanCount, cleanLabel, cleanRate, cleanText } from './clean';
import type { Trust } from './server';

interface Verdict {
  readonly state: State;
  readonly word: string;
}

type Part = Pick<ServerNode, 'state' | 'receives'>;

/** Rolls the states of the real servers up into that of their service. Healthy only when every part that is in is. */
export function serviceVerdict(servers: readonly Part[], onFallback: boolean | null): Verdict {
  const total = servers.length;
  const count = (state: State): number => servers.filter((server) => server.state === state).length;
  if (total === 0) return { state: 'failed', word: 'no real server' };
  const [healthy, failed, fix, unknown] = [count('healthy'), count('failed'), count('degraded'), count('unknown')];
  if (onFallback === true && healthy === 0) return { state: 'failed', word: 'on the fallback server' };
  const word = troubles(total, failed, fix, unknown);
  if (failed === total) return { state: 'failed', word };
  if (failed + fix > 0) return { state: healthy + unknown > 0 ? 'degraded' : 'failed', word };
  if (unknown > 0) return { state: 'unknown', word };
  if (healthy > 0)
    return { state: onFallback === true ? 'degraded' : 'healthy', word: `${healthy} of ${total} in service` };
  const drained = count('drained');
  if (drained === total) return { state: 'drained', word: `${total} of ${total} drained` };
  const halted = count('halted');
  if (halted === total) return { state: 'halted', word: `${total} of ${total} halted` };
  return { state: 'drained', word: `${drained} drained, ${halted} halted` };
}

/** `1 of 3 needs DR fix`, or `1 of 3 failed, 1 needs DR fix`. */
function troubles(total: number, failed: number, fix: number, unknown: number): string {
  const parts: string[] = [];
  const add = (count: number, words: string): void => {
    if (count > 0) parts.push(parts.length === 0 ? `${count} of ${total} ${words}` : `${count} ${words}`);
  };
  add(failed, 'failed');
  add(fix, fix === 1 ? 'needs DR fix' : 'need DR fix');
  add(unknown, 'cannot be read');
  return parts.join(', ');
}

export interface ServicePlace {
  readonly id: string;
  readonly pairId: string;
  readonly order: number;
}

export function serviceNode(
  service: VirtualServiceReading,
  servers: readonly ServerNode[],
  place: ServicePlace,
  trust: Trust,
  readAt: number,
  now: number,
): ServiceNode {
  const verdict = serviceVerdict(servers, trust === 'live' ? service.onFallback : null);
  const seen = trust === 'live' ? verdict : notSeen(verdict, trust, readAt, now);
  return {
    kind: 'service',
    ...place,
    name: cleanLabel(service.name),
    layer: service.layer,
    address: service.address,
    ports: service.ports,
    protocol: service.protocol,
    method: service.method ?? (service.layer === 7 ? 'proxy' : null),
    ...seen,
    check: checkWords(service),
    onFallback: trust === 'live' ? service.onFallback : null,
    activeConnections: cleanCount(sum(servers, (server) => server.activeConnections)),
    inactiveConnections: cleanCount(sum(servers, (server) => server.inactiveConnections)),
    connectionsPerSecond: cleanRate(sum(servers, (server) => server.connectionsPerSecond)),
    readAt,
    stale: trust === 'stale',
    since: null,
  };
}

function notSeen(verdict: Verdict, trust: Trust, readAt: number, now: number): Verdict {
  if (verdict.word === 'no real server') return { state: 'unknown', word: verdict.word };
  const word = trust === 'stale' ? withAge('not read', readAt, now) : 'only the passive unit can be read';
  return { state: 'unknown', word };
}

function checkWords({ check }: VirtualServiceReading): string | null {
  if (check === null) return null;
  return cleanText(check.port === null ? check.type : `${check.type}, port ${check.port}`);
}

/** Of what is known; `null` when nothing is. */
function sum(servers: readonly ServerNode[], pick: (server: ServerNode) => number | null): number | null {
  const known = servers.map(pick).filter((value) => value !== null);
  if (known.length === 0) return null;
  // Sums of decimal fractions drift.
  return Math.round(known.reduce((total, value) => total + value, 0) * 1_000) / 1_000;
}
