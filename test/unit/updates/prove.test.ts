import { describe, expect, it } from 'vitest';
import { proveRollout } from '#engine/updates/prove';
import { isInstalled } from '#shared/domain/updates/version-rule';
import type { ApplianceReading } from '#shared/domain/appliance/reading';
import { planOf } from '#test/support/plan-of';

const whole: ApplianceReading = {
  ...{ readAt: 1, via: 'ssh', hostname: 'lb-1', version: '8.13.2', updateNotice: '', licence: null, services: [] },
  ...{ clockOffsetSeconds: 0, pendingRestarts: [], gaps: [] },
  ha: { role: 'single', state: 'active', peerAddress: null, peerAlive: null, floatingAddresses: [] },
};
const step = (phase: string) => ({ id: phase, kind: `updates.${phase}`, unitId: 'u1', promise: phase, input: {} });
const configuration = ['floating addresses none'];
const units = [{ id: 'u1', name: 'lb-1', version: '8.13.1', haState: 'active', configuration, state: [] }];
const plan = planOf({
  steps: [step('prompts'), step('health'), step('compare')],
  basis: { archiveId: 'a', sha256: '', version: '8.13.2', units },
});

async function held(reading: ApplianceReading): Promise<(boolean | null)[]> {
  const open = () => Promise.resolve({ read: () => Promise.resolve(reading) } as never);
  const input = { plan, journal: [], units: { open }, now: () => 2, signal: new AbortController().signal };
  return (await proveRollout(input)).map((line) => line.held);
}

describe('the proof of a rollout', () => {
  it('holds where the configuration was read and nothing is asked for', async () => {
    expect(await held(whole)).toEqual([true, true, true]);
  });

  it.each([
    ['8.13.2-1', false],
    ['8.13.2-2', true],
    ['8.13.2', true],
  ])('takes %s for the archive of 8.13.2-2: %s', (version, installed) => {
    expect(isInstalled(version, 'lb_update.8.13.2-2.lb.tar.gz')).toBe(installed);
  });

  it.each([
    ['the configuration was not read', { gaps: [{ section: 'config', reason: 'permission denied' }] }],
    ['only the WebUI answers', { via: 'webui' as const }],
  ])('holds for nothing when %s: empty lists are not health', async (_, part) => {
    expect(await held({ ...whole, ...part })).toEqual([null, null, null]);
  });
});
