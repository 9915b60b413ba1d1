import type { RealServerReading, VirtualServiceReading } from '#shared/domain/appliance/reading';
import { clientVerdict, type ClientVerdict } from '#shared/domain/direct-routing/index';
import { takesConnections } from './clients';
import type { DrPair } from './deps';
import type { MatrixParts } from './matrix';
import { verdictAt } from './read';

/** What the client checks of one service say of each of its real servers. */
export function clientCells(
  parts: MatrixParts,
  pair: DrPair,
  service: VirtualServiceReading,
): (real: RealServerReading, rowId: string) => ClientVerdict {
  const throughVip = parts.clients.results(pair, service, null);
  const failed = throughVip.some((result) => result.failed > 0);
  const inService = service.realServers.filter(takesConnections).map((real) => ({
    real,
    // Asked only where it explains something.
    verdict: failed ? verdictAt(parts.estate, parts.states, real.address, service.address) : null,
  }));
  return (real, rowId) =>
    clientVerdict({
      inService: pair.fresh && takesConnections(real),
      direct: parts.clients.results(pair, service, rowId),
      throughVip,
      othersInService: inService
        .filter((other) => other.real !== real)
        .map((other) => other.verdict ?? ('unknown' as const)),
    });
}
