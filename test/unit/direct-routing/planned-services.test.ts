import { describe, expect, it } from 'vitest';
import type { DrEstate, DrPair } from '#engine/direct-routing/index';
import { refuseOtherServices } from '#engine/direct-routing/planned-services';
import { targetOfServer } from '#engine/direct-routing/read';
import type { Plan } from '#shared/contract/plans';
import type { VirtualServiceReading } from '#shared/domain/appliance/reading';
import { EvenkeelError } from '#shared/errors';

const { signal } = new AbortController();
const app1 = { id: 'w1', name: 'ICA-APP01', addresses: ['192.168.100.11'], practice: false };

function service(name: string, address: string, real: string): VirtualServiceReading {
  const counts = { activeConnections: 0, inactiveConnections: 0, connectionsPerSecond: 0 };
  const server = {
    name: `${name}1`,
    address: real,
    port: null,
    status: 'online' as const,
    weight: 100,
    checkText: null,
  };
  const kind = { layer: 4 as const, protocol: 'tcp' as const, method: 'gate' as const, scheduler: 'wlc' };
  return {
    name,
    address,
    ports: '80',
    ...kind,
    check: null,
    onFallback: false,
    realServers: [{ ...server, ...counts }],
  };
}

const web = service('ICA_WEB', '192.168.100.100', '192.168.100.11');
const unit = { id: 'u1', name: 'lb-main-1' };
const pair: DrPair = {
  ...{ id: 'main', name: 'lb-main', siteName: '', activeUnit: unit, passiveUnit: null, readAt: 1, practice: false },
  ...{ fresh: true, services: [web] },
};

function estate(now: DrPair, refreshed: string[] = []): DrEstate {
  return {
    pairs: () => [now],
    servers: () => [app1],
    onChange: () => () => undefined,
    refresh: (pairIds) => {
      refreshed.push(...pairIds);
      return Promise.resolve();
    },
  };
}

/** A plan drawn up while the pair had one service. */
function plan(): Plan {
  const target = targetOfServer(estate(pair), app1);
  const step = {
    ...{ id: 'w1/verify', kind: 'directRouting.verify', title: '', sentence: '', expect: '', promise: '' },
    ...{ unitId: 'w1', unitName: 'ICA-APP01', lane: 'w1', risk: 'none' as const, riskNote: null, undo: null },
    ...{ action: { via: 'winrm' as const, kind: 'read' as const, text: '' }, estimateSeconds: 1 },
    input: { windowsId: 'w1', expected: JSON.parse(JSON.stringify({ kind: 'target', target })) as never },
  };
  return {
    ...{ id: 'p', kind: 'directRouting.fix', title: '', effect: '', drawnUpAt: 0, unitIds: [], steps: [step] },
    ...{ changes: [], warnings: [], onFailure: 'undo', confirmName: null, basis: {}, practice: false },
  };
}

const refused = async (now: DrPair): Promise<string | null> => {
  try {
    await refuseOtherServices(estate(now), plan(), signal);
    return null;
  } catch (error) {
    if (error instanceof EvenkeelError) return error.code;
    throw error;
  }
};

describe('a plan whose services changed before it was started', () => {
  it('goes on when they are as they were, and reads them again for that', async () => {
    const refreshed: string[] = [];
    await refuseOtherServices(estate(pair, refreshed), plan(), signal);
    expect(refreshed).toEqual(['main']);
  });

  it('is refused when the server serves another address as well: it might be removed as an old one', async () => {
    const more = service('ICA_DICOM', '192.168.100.101', '192.168.100.11');
    expect(await refused({ ...pair, services: [web, more] })).toBe('plan_outdated');
  });

  it('is refused when the service moved to another address, or the server left it', async () => {
    expect(await refused({ ...pair, services: [{ ...web, address: '192.168.100.102' }] })).toBe('plan_outdated');
    expect(await refused({ ...pair, services: [] })).toBe('plan_outdated');
  });

  it('says nothing of a pair that was not read', async () => {
    expect(await refused({ ...pair, fresh: false })).toBeNull();
    expect(await refused({ ...pair, services: null })).toBeNull();
  });
});
