import type { RealServerStatus } from '../appliance/reading';
import type { ServerVerdict } from './verdict';

/** How a server stands in one of its services, beside the other servers there. */
export interface ServiceStanding {
  readonly pairId: string;
  readonly serviceName: string;
  /** The floating IP. */
  readonly address: string;
  readonly label: string;
  readonly status: RealServerStatus | null;
  readonly others: readonly OtherServer[];
}

export interface OtherServer {
  /** The Windows server's name, or the label where the inventory does not know it. */
  readonly name: string;
  readonly label: string;
  readonly status: RealServerStatus | null;
  /** Its own Direct Routing verdict; `null` when it was never read. */
  readonly verdict: ServerVerdict | null;
}

export interface GuardVerdict {
  /** Services that would lose their last server in service. */
  readonly lost: readonly ServiceStanding[];
  /** Services whose appliance did not tell how this server stands. */
  readonly unknown: readonly ServiceStanding[];
  /** For example `ICA_WEB keeps 2 of 3 servers in service`. */
  readonly sentences: readonly string[];
  readonly warnings: readonly string[];
}

/** May the server be taken out for a while? An unknown server never counts as one that carries on. */
export function guardVerdict(
  standings: readonly ServiceStanding[],
  /** Labels of servers that get the fix by the same plan: no warning for those. */
  fixedToo: ReadonlySet<string> = new Set(),
): GuardVerdict {
  const taken = standings.filter((standing) => standing.status === 'online');
  return {
    lost: taken.filter((standing) => inService(standing).length === 0),
    unknown: standings.filter((standing) => standing.status === null),
    sentences: taken.map(
      (standing) =>
        `${standing.serviceName} keeps ${inService(standing).length} of ${standing.others.length + 1} servers in service`,
    ),
    warnings: taken.flatMap((standing) =>
      inService(standing)
        .filter((other) => other.verdict === 'fix-missing' && !fixedToo.has(other.label))
        .map((other) => `${other.label} stays in service in ${standing.serviceName} but lacks the fix too.`),
    ),
  };
}

function inService(standing: ServiceStanding): readonly OtherServer[] {
  return standing.others.filter((other) => other.status === 'online');
}
