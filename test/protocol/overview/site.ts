import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAppliance, probeAppliance } from '#engine/appliance/index';
import { Audit } from '#engine/audit/index';
import { openDatabase, type Database } from '#engine/database/index';
import { createInventory, type InventoryCapability } from '#engine/inventory/index';
import { Jobs } from '#engine/jobs/index';
import { silentLog } from '#engine/log/index';
import { createOverview, systemClock, unitJobsOf, type OverviewCapability } from '#engine/overview/index';
import { createPractice, type PracticeCapability } from '#engine/practice/index';
import { createWindowsServer, type WindowsServer } from '#engine/windows/index';
import type { ServerNode, ServiceNode } from '#shared/contract/overview';
import type { DrFact } from '#shared/domain/overview/index';

/** The engine's capabilities around the overview, over a database in a folder, as the composition root joins them. */
export interface Site {
  readonly folder: string;
  readonly inventory: InventoryCapability<WindowsServer>;
  readonly overview: OverviewCapability;
  readonly practice: PracticeCapability;
  readonly jobs: Jobs;
  readonly audit: Audit;
  /** What the server's side of Direct Routing is said to be, by Windows server. */
  readonly dr: Map<string, DrFact>;
  readonly unexpected: unknown[];
  close(): Promise<void>;
}

export const context = { signal: new AbortController().signal, operator: 'jokafor' };
export const operator = context.operator;

/** Secrets kept in memory: the keystore has its own tests. */
export class MemorySecrets {
  readonly kept = new Map<string, string>();
  put(owner: string, name: string, clear: string): Promise<void> {
    this.kept.set(`${owner} ${name}`, clear);
    return Promise.resolve();
  }
  get(owner: string, name: string): Promise<string> {
    const found = this.kept.get(`${owner} ${name}`);
    return found === undefined ? Promise.reject(new Error('no secret')) : Promise.resolve(found);
  }
  remove(owner: string): Promise<void> {
    for (const key of [...this.kept.keys()]) if (key.startsWith(`${owner} `)) this.kept.delete(key);
    return Promise.resolve();
  }
}

const proved: DrFact = { verdict: 'proved', word: 'proved', readAt: 1, pending: false };

export async function openSite(given?: string, secrets = new MemorySecrets()): Promise<Site> {
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'evenkeel-overview-')));
  const database: Database = await openDatabase({ file: join(folder, 'evenkeel.db') });
  const unexpected: unknown[] = [];
  const logUnexpected = (error: unknown): void => void unexpected.push(error);
  const audit = new Audit(database, Date.now);
  await audit.load();
  const note = (event: Parameters<Audit['append']>[0]) => audit.append(event);
  const jobs = new Jobs({
    ...{ database, audit, log: silentLog(), recordFolder: join(folder, 'records'), version: '0' },
    desktop: { notify: () => undefined },
  });
  const inventory = await createInventory<WindowsServer>({
    ...{ db: database.kysely, secrets, audit: note, createAppliance, probeAppliance, logUnexpected, now: Date.now },
    createWindows: (access) => createWindowsServer(access),
    identifyWindows: async (server, signal) => {
      const { computerName, osName } = await server.readState(signal);
      return { computerName, osName, addresses: [] };
    },
    probeWindows: async function* () {},
  });
  const { units } = inventory.inventory;
  const dr = new Map<string, DrFact>();
  const overview = createOverview({
    ...{ db: database.kysely, inventory: inventory.inventory, plans: jobs.plans, jobs: unitJobsOf(jobs) },
    readWindows: async (unitId, signal) => (await units.windows(unitId)).readState(signal),
    drOf: ({ windowsId }) => dr.get(windowsId ?? '') ?? proved,
    ...{ logUnexpected, clock: systemClock },
  });
  jobs.register(overview.overview.catalogue);
  const practice = createPractice({
    ...{ folder: join(folder, 'practice'), locks: jobs.locks, inventory, audit: note, logUnexpected },
    archiveBytes: 100_000,
  });
  await practice.practice.restore();
  await overview.overview.start();
  await jobs.resume();
  return {
    ...{ folder, inventory, overview, practice, jobs, audit, dr, unexpected },
    close: async () => {
      await jobs.close();
      await overview.overview.stop();
      await inventory.inventory.close();
      await practice.practice.stop();
      await database.close();
      if (given === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

export function services(site: Site): ServiceNode[] {
  return [...site.overview.overview.board.nodes.values()].filter((node) => node.kind === 'service');
}

export function serverNamed(site: Site, name: string): ServerNode {
  const found = [...site.overview.overview.board.nodes.values()].find(
    (node): node is ServerNode => node.kind === 'server' && node.name === name,
  );
  if (!found) throw new Error(`no real server ${name}`);
  return found;
}

/** One of a capability's handlers. */
export function named<H, N extends keyof H>(handlers: H, name: N): H[N] {
  return handlers[name];
}
