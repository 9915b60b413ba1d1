import { afterEach, describe, expect, it } from 'vitest';
import type { Appliance } from '#engine/appliance/index';
import { openDatabase, type Database } from '#engine/database/index';
import {
  createInventory,
  type InventoryCapability,
  type PracticeUnits,
  type WindowsUnit,
} from '#engine/inventory/index';
import { createOverview, type OverviewCapability } from '#engine/overview/index';
import { counts } from '#shared/domain/overview/index';
import { proved, reading, server, service } from './estate';
import { FakeClock, settled } from './fake-clock';

const pairs = 50;
const windowsServers = 500;

/** 50 pairs with 5 services of 2 servers each, on 500 Windows servers. */
function estate(): PracticeUnits {
  const login = { kind: 'ntlm', username: 'svc', password: 'p', domain: '' } as const;
  const appliances = Array.from({ length: pairs * 2 }, (_, index) => {
    const pair = Math.floor(index / 2);
    return {
      ...{ name: `lb-${pair}-${(index % 2) + 1}`, site: `Site ${pair % 5}`, pairName: `lb-${pair}`, host: '127.0.0.1' },
      role: index % 2 === 0 ? ('primary' as const) : ('secondary' as const),
      ...{ modelAddress: `10.${pair}.0.${10 + (index % 2)}`, sshPort: 22, webuiPort: 9443, webui: null, api: null },
      ssh: { kind: 'password' as const, username: 'root', password: 'p' },
      pins: { sshHostKey: 'k'.repeat(43), certificate: 'c'.repeat(64) },
    };
  });
  const windows = Array.from({ length: windowsServers }, (_, index) => {
    const pair = Math.floor(index / 10);
    const modelAddresses = [`10.${pair}.1.${index % 10}`];
    const place = {
      name: `W${index}`,
      site: `Site ${pair % 5}`,
      host: '127.0.0.1',
      port: 5986,
      transport: 'https' as const,
    };
    return { ...place, modelAddresses, login, pins: { certificate: 'c'.repeat(64) } };
  });
  return { appliances, windows };
}

function readingOf(name: string, readAt: number, failing: boolean) {
  const [, pair = '0', half = '1'] = name.split('-');
  const services = Array.from({ length: 5 }, (_, index) => {
    const real = [0, 1].map((which) => {
      const part = {
        address: `10.${pair}.1.${index * 2 + which}`,
        status: failing ? ('failed' as const) : ('online' as const),
      };
      return server(`R${index}_${which}`, part);
    });
    return service(`S${index}`, real);
  });
  const active = half === '1';
  const ha = {
    role: active ? ('primary' as const) : ('secondary' as const),
    state: active ? ('active' as const) : ('passive' as const),
  };
  return reading({ ...ha, peerAddress: null }, services, { readAt });
}

interface Estate {
  readonly database: Database;
  readonly clock: FakeClock;
  readonly inventory: InventoryCapability<WindowsUnit>;
  readonly overview: OverviewCapability;
  readonly unexpected: unknown[];
  failing: boolean;
  reads: number;
}

let open: Estate | null = null;
afterEach(async () => {
  await open?.overview.overview.stop();
  await open?.inventory.inventory.close();
  await open?.database.close();
  open = null;
});

async function openEstate(): Promise<Estate> {
  const database = await openDatabase({ file: ':memory:' });
  const clock = new FakeClock();
  const unexpected: unknown[] = [];
  const logUnexpected = (error: unknown): void => void unexpected.push(error);
  const state = { failing: false, reads: 0 };
  const inventory = await createInventory<WindowsUnit>({
    ...{ db: database.kysely, logUnexpected, now: () => clock.now() },
    secrets: { put: () => Promise.resolve(), get: () => Promise.resolve(''), remove: () => Promise.resolve() },
    audit: () => Promise.resolve(),
    createAppliance: ({ id, name }) => {
      const read = (): Promise<ReturnType<typeof readingOf>> => {
        state.reads += 1;
        return Promise.resolve(readingOf(name, clock.now(), state.failing));
      };
      // Only what the poller uses.
      return { id, name, read, close: () => Promise.resolve() } as Partial<Appliance> as Appliance;
    },
    createWindows: () => ({ close: () => Promise.resolve() }),
    identifyWindows: () => Promise.resolve({ computerName: null, osName: null, addresses: [] }),
    probeAppliance: async function* () {},
    probeWindows: async function* () {},
  });
  const overview = createOverview({
    ...{ db: database.kysely, inventory: inventory.inventory, logUnexpected, clock },
    plans: { keep: (plan) => Promise.resolve(plan), get: () => Promise.reject(new Error('none')) },
    jobs: { of: () => null, onChange: () => () => undefined },
    readWindows: () => Promise.resolve({ readAt: clock.now(), osName: 'Windows Server 2022' }),
    drOf: () => proved,
  });
  open = Object.assign(state, { database, clock, inventory, overview, unexpected });
  await inventory.addPracticeUnits(estate());
  await overview.overview.start();
  return open;
}

/** Reads come back over the database's own turns, so waiting is for the last of them. */
async function readAll(at: Estate): Promise<void> {
  const ids = at.inventory.inventory.items().map((item) => item.id);
  const { failed } = await at.overview.overview.readNow(ids, new AbortController().signal);
  expect(failed).toEqual([]);
  await settled();
}

describe('fifty pairs and five hundred Windows servers', () => {
  it('are all read and linked', async () => {
    const at = await openEstate();
    await readAll(at);
    const nodes = at.overview.overview.board.nodes;
    expect(counts(nodes.values())).toMatchObject({ pairs, services: 250, servers: 500, needFix: 0 });
    expect(counts(nodes.values()).byState.healthy).toBe(500);
    const last = at.inventory.inventory.items().find((item) => item.name === 'W499');
    expect(last?.kind === 'windows' && last.services.map((link) => link.label)).toEqual(['R4_1']);
    expect(at.unexpected).toEqual([]);
  });

  it('cost a poll its own pair only', async () => {
    const at = await openEstate();
    await readAll(at);
    const told: string[] = [];
    at.overview.overview.board.nodes.subscribe((change) => told.push(...change.set.keys(), ...change.remove));
    at.failing = true;
    const id = 'practice:lb-7-1';
    await at.overview.overview.readNow([id], new AbortController().signal);
    await settled();
    const own = told.filter((key) => key.startsWith('practice-pair:lb-7') || key.startsWith('practice:lb-7-'));
    expect(told.length).toBeGreaterThan(10);
    expect(own).toHaveLength(told.length);
  });

  it('leave nothing behind however often they are read', async () => {
    const at = await openEstate();
    await readAll(at);
    const size = (): number => at.overview.overview.board.nodes.size + at.overview.overview.history.marks.size;
    const [before, timers] = [size(), at.clock.waiting];
    for (let round = 0; round < 5; round += 1) await readAll(at);
    expect([size(), at.clock.waiting]).toEqual([before, timers]);
    expect(at.reads).toBe(100 * 6);
  });
});

describe('history', () => {
  it('tells when the servers of a pair failed and came back, and keeps since when', async () => {
    const at = await openEstate();
    await readAll(at);
    const id = 'practice:lb-7-1';
    const one = () =>
      at.overview.overview.board.nodes.get('practice-pair:lb-7/S0/R0_0') as { since: number; state: string };
    const { signal } = new AbortController();
    at.failing = true;
    await at.clock.run(1_000);
    await at.overview.overview.readNow([id], signal);
    expect(one()).toMatchObject({ state: 'failed', since: at.clock.now() });
    const since = one().since;
    await at.overview.overview.readNow([id], signal);
    expect(one().since).toBe(since);
    at.failing = false;
    await at.overview.overview.readNow([id], signal);
    const history = (await at.overview.overview.history.since(0, 1_000)).filter((item) =>
      item.nodeId.endsWith('/R0_0'),
    );
    expect(history.map((item) => `${item.from ?? ''} → ${item.to}`)).toEqual(['healthy → failed', 'failed → healthy']);
  });
});
