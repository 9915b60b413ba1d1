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
  /** In service at some ports of the service only: it does not carry it. */
  readonly partly?: boolean;
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

/**
 * May the server be taken out for a while? Only a server in service that is proved to hold the fix counts as one that
 * carries on: one that lacks it, or was not read, may take connections that it cannot answer. Where no such server is
 * left that is a warning, because the first fix of a service could not be made otherwise; without any server in service
 * it is a refusal.
 */
export function guardVerdict(
  standings: readonly ServiceStanding[],
  /** Keys (`standingKey`) of servers that get the fix by the same plan: no warning for those. */
  fixedToo: ReadonlySet<string> = new Set(),
): GuardVerdict {
  const taken = standings.filter((standing) => standing.status === 'online');
  return {
    lost: taken.filter((standing) => inService(standing).length === 0),
    unknown: standings.filter((standing) => standing.status === null),
    sentences: taken.map(
      (standing) =>
        `${standing.serviceName} keeps ${carrying(standing).length} of ${standing.others.length + 1} servers in service`,
    ),
    warnings: taken.flatMap((standing) => warningsOf(standing, fixedToo)),
  };
}

/** A real server of one service: another service, or another pair, may use the same label. */
export function standingKey({
  pairId,
  serviceName,
  label,
}: Pick<ServiceStanding, 'pairId' | 'serviceName' | 'label'>): string {
  return JSON.stringify([pairId, serviceName, label]);
}

/** Servers in service that are proved to hold the fix. */
export function carrying(standing: ServiceStanding): readonly OtherServer[] {
  return inService(standing).filter((other) => other.verdict === 'proved');
}

function warningsOf(standing: ServiceStanding, fixedToo: ReadonlySet<string>): readonly string[] {
  const { serviceName } = standing;
  const isFixedToo = ({ label }: OtherServer): boolean => fixedToo.has(standingKey({ ...standing, label }));
  const doubtful = inService(standing)
    .filter((other) => other.verdict !== 'proved' && !isFixedToo(other))
    .map(({ label, verdict }) =>
      verdict === 'fix-missing'
        ? `${label} stays in service in ${serviceName} but lacks the fix too and does not count.`
        : `${label} stays in service in ${serviceName}; whether it holds the fix is not known, so it does not count.`,
    );
  if (inService(standing).length === 0 || carrying(standing).length > 0) return doubtful;
  return [...doubtful, `No server that is proved to hold the fix stays in service in ${serviceName}.`];
}

function inService(standing: ServiceStanding): readonly OtherServer[] {
  return standing.others.filter((other) => other.status === 'online' && other.partly !== true);
}
