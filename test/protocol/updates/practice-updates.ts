import { join } from 'node:path';
import { createAppliance, type Appliance } from '#engine/appliance/index';
import { Audit } from '#engine/audit/index';
import { openDatabase, type Database } from '#engine/database/index';
import { Jobs } from '#engine/jobs/index';
import { silentLog } from '#engine/log/index';
import type { ArchiveFiles, PracticeSite } from '#engine/practice-site/index';
import { createUpdates, type KnownUnit, type Updates, type UpdateTimes } from '#engine/updates/index';
import type { JobDetail } from '#shared/contract/jobs';
import type { Plan } from '#shared/contract/plans';
import type { ArchiveItem, UpdateItem } from '#shared/contract/updates';

const never = new AbortController().signal;
const context = { operator: 'jokafor', signal: never };

/** Jobs and updates over the practice pair, as the engine puts them together. */
export interface PracticeUpdates {
  readonly updates: Updates;
  readonly jobs: Jobs;
  readonly known: readonly KnownUnit[];
  appliance(name: string): Appliance;
  list(): Promise<UpdateItem[]>;
  /** The site's own archive, or another. */
  shelve(files?: ArchiveFiles): Promise<ArchiveItem>;
  plan(archiveId: string): Promise<Plan>;
  start(plan: Plan): Promise<string>;
  /** Waits until the job has ended or asks. */
  ended(jobId: string): Promise<JobDetail>;
  close(): Promise<void>;
}

const times: UpdateTimes = { pollMs: 20, failoverMs: 10_000, healthMs: 10_000, rebootMs: 20_000, installMs: 20_000 };

export async function startUpdates(
  site: PracticeSite,
  folder: string,
  change: Partial<UpdateTimes> = {},
): Promise<PracticeUpdates> {
  const database: Database = await openDatabase({ file: join(folder, 'evenkeel.db') });
  const audit = new Audit(database, Date.now);
  await audit.load();
  const jobs = new Jobs({
    database,
    audit,
    desktop: { notify: () => undefined },
    log: silentLog(),
    recordFolder: join(folder, 'records'),
    version: '0.9.0',
  });
  const appliances = new Map<string, Appliance>();
  const known = site.units().appliances.map((unit): KnownUnit => {
    const target = { host: unit.host, sshPort: unit.sshPort, webuiPort: unit.webuiPort, snmpPort: null };
    const pins = { sshHostKey: unit.sshHostKeySha256, certificate: unit.certificateSha256 };
    const logins = { ssh: { kind: 'password' as const, ...unit.ssh }, webui: unit.webui, api: unit.api };
    appliances.set(
      unit.name,
      createAppliance({ ...target, ...logins, pins, giveUpSeconds: 2, id: unit.name, name: unit.name }),
    );
    const state = { role: null, haState: null, version: null, notice: null, licence: null, readAt: null };
    const { name, pairName } = unit;
    return { id: name, name, pairId: pairName, pairName, ...state, stale: true, practice: true };
  });
  const appliance = (name: string): Appliance => {
    const found = appliances.get(name);
    if (!found) throw new Error(`no unit ${name}`);
    return found;
  };
  const updates = createUpdates({
    dataFolder: folder,
    database,
    audit,
    plans: jobs.plans,
    locks: jobs.locks,
    units: { list: () => known, onChange: () => () => undefined, open: (id) => Promise.resolve(appliance(id)) },
    practice: () => true,
    warn: () => undefined,
    times: { ...times, ...change },
  });
  jobs.register(updates.catalogue);
  await updates.start();
  const { calls } = updates.handlers;
  return {
    updates,
    jobs,
    known,
    appliance,
    list: () => calls['updates.list']({}, context),
    shelve: (files = site.archive) => calls['updates.shelve'](files, context),
    plan: (archiveId) => calls['updates.plan']({ archiveId, pairId: known[0]?.pairId ?? '' }, context),
    start: async (plan) => {
      const names = { confirmName: plan.confirmName, by: 'jokafor', reason: 'planned', ticket: 'CHG-1' };
      return (await jobs.start({ planId: plan.id, ...names })).jobId;
    },
    ended: async (jobId) => {
      await jobs.wait(jobId, AbortSignal.timeout(50_000));
      return jobs.detail(jobId);
    },
    close: async () => {
      await jobs.close();
      updates.close();
      await Promise.all([...appliances.values()].map((unit) => unit.close()));
      await database.close();
    },
  };
}
