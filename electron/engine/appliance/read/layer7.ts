import type { RealServerReading, RealServerStatus } from '#shared/domain/appliance/reading';
import type { ConfigRealServer, ConfigService } from '../parsers/config-model';
import type { HaproxyLine } from '../parsers/haproxy-stat';
import type { ServiceState } from './layer4';

/** The state of a layer 7 service from HAProxy's own statistics; `null` when they do not have it. */
export function layer7State(service: ConfigService, lines: readonly HaproxyLine[]): ServiceState | null {
  const own = lines.filter((line) => line.proxy === service.name);
  if (own.length === 0) return null;
  const realServers = service.realServers.map((real) =>
    realState(
      real,
      own.find((line) => line.server === real.name),
    ),
  );
  const others = own.filter((line) => !['FRONTEND', 'BACKEND'].includes(line.server));
  const backupUp = others.some((line) => line.backup && isUp(line));
  const activeUp = others.some((line) => !line.backup && isUp(line) && line.weight !== 0);
  return { onFallback: backupUp && !activeUp, realServers };
}

function isUp(line: HaproxyLine): boolean {
  return line.status === 'UP' || line.status === 'no check';
}

function realState(real: ConfigRealServer, line: HaproxyLine | undefined): RealServerReading {
  const status = line ? statusOf(real, line) : null;
  return {
    name: real.name,
    address: real.address,
    port: real.port,
    status,
    weight: real.weight,
    activeConnections: line?.currentSessions ?? null,
    inactiveConnections: null,
    connectionsPerSecond: line?.sessionsPerSecond ?? null,
    checkText: status === 'failed' ? (line?.checkText ?? null) : null,
  };
}

function statusOf(real: ConfigRealServer, line: HaproxyLine): RealServerStatus | null {
  if (isUp(line)) return line.weight === 0 ? 'drained' : 'online';
  if (line.status === 'DRAIN' || line.status === 'NOLB') return 'drained';
  if (line.status === 'MAINT') return 'halted';
  if (line.status === 'DOWN') return real.wanted === 'halted' ? 'halted' : 'failed';
  return null;
}
