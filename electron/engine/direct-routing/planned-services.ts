import type { Plan } from '#shared/contract/plans';
import type { ServerTarget } from '#shared/domain/direct-routing/index';
import { EvenkeelError } from '#shared/errors';
import type { DrEstate } from './deps';
import { targetOfServer } from './read';
import { verifyInput } from './steps-proof';

/**
 * The services decide what a server must hold, and a plan may be days old: an address that came meanwhile would be
 * missing, and one that is in use again would be removed as an old one. Reads the pairs of the plan again; of a pair
 * that does not answer nothing is said here, the guard does. Throws `plan_outdated`.
 */
export async function refuseOtherServices(estate: DrEstate, plan: Plan, signal: AbortSignal): Promise<void> {
  const planned = plan.steps.flatMap((step) => {
    if (step.kind !== 'directRouting.verify') return [];
    const { windowsId, expected } = verifyInput.parse(step.input);
    // An undo goes back to its snapshot, whatever the services are.
    return expected.kind === 'target' ? [{ windowsId, memberships: expected.target.memberships }] : [];
  });
  if (planned.length === 0) return;
  await estate.refresh([...new Set(planned.flatMap((item) => item.memberships.map(({ pairId }) => pairId)))], signal);
  const known = new Set(estate.pairs().flatMap((pair) => (pair.fresh && pair.services !== null ? [pair.id] : [])));
  for (const { windowsId, memberships } of planned) {
    const server = estate.servers().find((item) => item.id === windowsId);
    const now = server === undefined ? [] : (targetOfServer(estate, server)?.memberships ?? []);
    if (textOf(memberships, known) === textOf(now, known)) continue;
    throw new EvenkeelError('plan_outdated', {
      unit: server?.name ?? windowsId,
      step: 'reading the services again',
      unchanged: 'Nothing was sent.',
      advice: 'The services of the server changed since. Draw up a new plan.',
    });
  }
}

/** What counts: on which addresses the server is reached, and by which of its own. Ports are the firewall's alone. */
function textOf(memberships: ServerTarget['memberships'], known: ReadonlySet<string>): string {
  const rows = memberships
    .filter(({ pairId }) => known.has(pairId))
    .map(({ pairId, serviceName, vip, realAddress }) => JSON.stringify([pairId, serviceName, vip, realAddress]));
  return [...new Set(rows)].sort().join('\n');
}
