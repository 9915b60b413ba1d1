import { describe, expect, it } from 'vitest';
import { availabilityKind } from '#engine/overview/plan-kind';
import type { Plan } from '#shared/contract/plans';
import type { RealServerStatus } from '#shared/domain/appliance/reading';
import { reading, server, service } from './estate';

const input = { unitId: 'u1', service: 'ICA_WEB', realServer: 'A' };
const plan: Plan = {
  id: 'plan-1',
  kind: 'overview.availability',
  title: 'Drain A on ICA_WEB',
  effect: 'A stops receiving new connections on ICA_WEB.',
  drawnUpAt: 0,
  unitIds: ['u1'],
  steps: [
    {
      ...{ id: 'availability', kind: 'appliance.drain', title: 'Drain', unitId: 'u1', unitName: 'lb-main-1', input },
      ...{ sentence: 'A on ICA_WEB', expect: 'weight 0', promise: 'weight 0', lane: 'u1', undo: 'Online' },
      ...{ risk: 'low', riskNote: null, estimateSeconds: 1 },
      action: { via: 'ssh', kind: 'command', text: 'lbcli --action drain --vip ICA_WEB --rip A' },
    },
  ],
  changes: [],
  warnings: [],
  onFailure: 'undo',
  confirmName: null,
  basis: { ...input, status: 'online', carriers: ['B'] },
  practice: true,
};

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
