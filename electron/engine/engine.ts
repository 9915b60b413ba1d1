import { join } from 'node:path';
import type { Port } from '#shared/contract/messages';
import type { EvenkeelError } from '#shared/errors';
import { createAppliance, probeAppliance } from './appliance/index';
import { Audit, auditHandlers } from './audit/index';
import { dialNetwork } from './client-proof/index';
import { openDatabase } from './database/index';
import type { Desktop } from './desktop/index';
import { askHere, createDirectRouting, estateOf } from './direct-routing/index';
import { Dispatcher, type Handlers } from './dispatch/index';
import { createInventory } from './inventory/index';
import { jobHandlers, Jobs } from './jobs/index';
import { createLog } from './log/index';
import { createOverview, describeCall, systemClock, unitJobsOf } from './overview/index';
import { createPractice } from './practice/index';
import { secretHandlers, SecretStore } from './secrets/index';
import { settingsHandlers, SettingsStore } from './settings/index';
import { createStatus } from './status/index';
import { createUpdates, knownUnits } from './updates/index';
import { createServerGate, createWindowsServer, identifyWindows, probeWindows } from './windows/index';

export interface EngineOptions {
  /** Holds everything that is kept: database, records, shelf, backups, logs. */
  readonly dataFolder: string;
  readonly desktop: Desktop;
  /** For example `0.9.0`. */
  readonly version: string;
}

export interface Engine {
  /** Serves one way in until its port closes. */
  serve(port: Port): void;
  /** Turns anything thrown into an error that may be shown; logs what was not expected. */
  report(error: unknown, step: string): EvenkeelError;
  /** Interrupts jobs in good order, closes every connection and file. */
  close(): Promise<void>;
}

/** How long connections that exist may go on after a drain, before a server is changed. */
const drainSeconds = 120;

/**
 * The composition root: the only place where capabilities meet. Throws `database_busy`, `database_newer` or
 * `database_damaged`.
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { dataFolder, desktop, version } = options;
  const now = Date.now;
  const startedAt = now();
  const log = createLog({ folder: join(dataFolder, 'logs'), level: 'info' });
  const database = await openDatabase({ file: join(dataFolder, 'evenkeel.db'), now });
  const db = database.kysely;
  const audit = new Audit(database, now);
  const settings = await SettingsStore.open(database);
  const secrets = new SecretStore(database, desktop.keystore, now);
  const jobs = new Jobs({ database, audit, desktop, log, recordFolder: join(dataFolder, 'records'), version, now });
  const gate = createServerGate();
  const logUnexpected = (error: unknown, step: string): void => {
    log.unexpected(error, step);
  };
  const note = async (event: Parameters<Audit['append']>[0]): Promise<void> => {
    await audit.append(event);
  };

  const inventory = await createInventory({
    ...{ db, secrets, audit: note, createAppliance, probeAppliance, probeWindows, identifyWindows, logUnexpected, now },
    createWindows: (access) => createWindowsServer(access, { gate, now }),
  });
  const units = inventory.inventory;
  const unitJobs = unitJobsOf(jobs);
  const overview = createOverview({
    ...{ db, inventory: units, plans: jobs.plans, jobs: unitJobs, logUnexpected, clock: systemClock },
    readWindows: (unitId, signal) => directRouting.readOne(unitId, signal),
    drOf: (query) => directRouting.factOf(query),
  });
  const directRouting = createDirectRouting({
    ...{ db, plans: jobs.plans, logUnexpected, now, drainSeconds },
    estate: estateOf(units, overview.overview),
    windows: (windowsId) => units.units.windows(windowsId),
    appliance: (unitId) => units.units.appliance(unitId),
    // Modelled addresses are on no wire: nothing of the practice site may leave this computer.
    dial: (pair) => (pair.practice ? (address, port) => practice.practice.dial(address, port) : dialNetwork),
    wireHere: askHere,
    describeCall: (unitId, call) => describeCall(units, unitId, call),
    jobOf: (unitId) => jobs.locks.holder(unitId)?.jobId ?? null,
    changed: (windowsId) => overview.overview.serversChanged(windowsId),
  });
  const practice = createPractice({
    ...{ folder: join(dataFolder, 'practice'), locks: jobs.locks, inventory, audit: note, logUnexpected },
  });
  const updates = createUpdates({
    ...{ dataFolder, database, audit, plans: jobs.plans, locks: jobs.locks, now },
    units: knownUnits(units, overview.overview),
    practice: () => practice.practice.status().open,
    warn: (text, error) => {
      if (error === undefined) log.warn(text);
      else logUnexpected(error, text);
    },
  });
  const status = createStatus({
    ...{ version, startedAt, dataFolder, keystore: desktop.keystore, inventory: units, overview: overview.overview },
    ...{ settings, log, practice: () => practice.practice.status().open },
  });

  const own = {
    jobs: jobHandlers(jobs),
    audit: auditHandlers(audit),
    settings: settingsHandlers(settings, audit),
    secrets: secretHandlers(desktop.keystore, audit),
  };
  // Spread by name, so that a call or stream without a handler does not compile.
  const handlers: Handlers = {
    calls: {
      ...own.jobs.calls,
      ...own.audit.calls,
      ...own.settings.calls,
      ...own.secrets.calls,
      ...status.handlers.calls,
      ...practice.handlers.calls,
      ...inventory.handlers.calls,
      ...overview.handlers.calls,
      ...directRouting.handlers.calls,
      ...updates.handlers.calls,
    },
    streams: {
      ...own.jobs.streams,
      ...own.audit.streams,
      ...status.handlers.streams,
      ...practice.handlers.streams,
      ...inventory.handlers.streams,
      ...overview.handlers.streams,
      ...directRouting.handlers.streams,
      ...updates.handlers.streams,
    },
  };
  for (const part of [overview.overview.catalogue, directRouting.catalogue, updates.catalogue]) jobs.register(part);

  // Rows show which job holds their server.
  const unlisten = jobs.locks.onChange(() => directRouting.redraw());
  await updates.start();
  await practice.practice.restore();
  await directRouting.start();
  await overview.overview.start();
  await jobs.resume();
  log.info('engine started', { version });

  const dispatcher = new Dispatcher({
    handlers,
    operator: () => settings.get().operator,
    logUnexpected: (error, step) => log.unexpected(error, step),
  });
  return {
    serve: (port) => dispatcher.serve(port),
    report: (error, step) => dispatcher.report(error, step),
    close: async () => {
      status.close();
      updates.close();
      await jobs.close();
      unlisten();
      await overview.overview.stop();
      directRouting.stop();
      unitJobs.stop();
      await practice.practice.stop();
      await units.close();
      await database.close();
      log.info('engine stopped');
    },
  };
}
