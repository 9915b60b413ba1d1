import { describe, expect, it } from 'vitest';
import { availabilityKind } from '#engine/overview/plan-kind';
import type { RealServerStatus } from '#shared/domain/appliance/reading';
import { planOf } from '#test/support/plan-of';
import { reading, server, service } from './estate';

const input = { unitId: 'u1', service: 'ICA_WEB', realServer: 'A' };
const plan = planOf({
  steps: [{ id: 'availability', kind: 'appliance.drain', title: 'Drain', input }],
  basis: { ...input, status: 'online', carriers: ['B'] },
});

function recheck(other: RealServerStatus | null): Promise<void> {
  const now = reading({}, [service('ICA_WEB', [server('A'), server('B', { status: other })])]);
  const applianceOf = () => Promise.resolve({ name: 'lb-main-1', read: () => Promise.resolve(now) } as never);
  const kind = availabilityKind({ applianceOf, now: () => 1, ended: () => Promise.resolve() });
  return kind.recheck(plan, new AbortController().signal);
}

describe('a drain, right before it is sent', () => {
  it('goes on while a server that carried the service still does', async () => {
    await expect(recheck('online')).resolves.toBeUndefined();
  });

  it.each(['drained', 'halted', 'failed', null] as const)('is refused when that one is %s now', async (status) => {
    await expect(recheck(status)).rejects.toMatchObject({ code: 'last_healthy_server' });
  });
});
