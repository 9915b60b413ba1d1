import { join } from 'node:path';
import { Audit } from '#engine/audit/index';
import { openDatabase, type Database } from '#engine/database/index';
import { Jobs } from '#engine/jobs/index';
import { silentLog } from '#engine/log/index';
import type { JobSummary } from '#shared/contract/jobs';
import { createDirectRouting, type DirectRouting, type DirectRoutingDeps } from '#engine/direct-routing/index';
import {
  createWindowsExecutor,
  type DeadMan,
  type WindowsExecutor,
  type WindowsFaults,
} from '#engine/practice-site/windows-model/index';
import { startWinrmServer, type WinrmFaults, type WinrmServer } from '#engine/practice-site/winrm-server/index';
import { createServerGate, createWindowsServer, type WindowsServer } from '#engine/windows/index';
import type { Plan, PlanAction } from '#shared/contract/plans';
import type { ApplianceReading, RealServerStatus, VirtualServiceReading } from '#shared/domain/appliance/reading';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import { addressOn, isLoopback } from '#shared/domain/direct-routing/index';

/** One practice Windows server behind a real WinRM endpoint. */
export interface Machine {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  state: WindowsNetworkState;
  faults: WindowsFaults;
  /** It is at work on an operation that never ends. */
  hanging: boolean;
  readonly winrm: WinrmFaults;
  readonly executor: WindowsExecutor;
  deadMen: readonly DeadMan[];
  /** Its clock is ahead by so many milliseconds. */
  aheadMs: number;
  /** Called when an operation begins on it, before it does anything. */
  onBegin: (operation: string) => void;
  server: WinrmServer;
  client: WindowsServer;
}

export interface Site {
  readonly machines: readonly Machine[];
  /** Every word to the appliance, in order. */
  readonly sent: string[];
  /** How real servers stand, by `<service>/<label>`. */
  readonly statuses: Map<string, RealServerStatus>;
  /** Labels that are in service at some of their ports only. */
  readonly partly: Set<string>;
  /** The unit that carries the pair. */
  active: 'u1' | 'u2';
  /** The clock of the capability is ahead by so many milliseconds. */
  aheadMs: number;
  /** How long a unit that went down is waited for. */
  failoverMs: number;
  /** Every word with the unit that got it. */
  readonly words: { readonly unitId: string; readonly text: string }[];
  /** Called before a unit does something; may throw. */
  before: (unitId: string, action: 'read' | 'drain' | 'online') => void | Promise<void>;
  /** Of each real server; `null`: the appliance does not tell. */
  connections: number | null;
  deps(bench: Pick<Running, 'jobs'>, db: DirectRoutingDeps['db']): DirectRoutingDeps;
  close(): Promise<void>;
}

const ports = { ICA_WEB: '80,443', ICA_DICOM: '4444' } as const;
const vip = '192.168.100.100';
const units = { u1: { id: 'u1', name: 'lb-main-1' }, u2: { id: 'u2', name: 'lb-main-2' } };

export async function openMachine(
  id: string,
  name: string,
  address: string,
  state: WindowsNetworkState,
): Promise<Machine> {
  const winrm: WinrmFaults = {};
  const machine = {
    ...{ id, name, address, state, winrm },
    ...{ faults: {}, hanging: false, deadMen: [], aheadMs: 0, onBegin: () => undefined },
  } as Omit<Machine, 'server' | 'client' | 'executor'>;
  const executor = createWindowsExecutor({
    read: () => machine.state,
    write: (next) => {
      machine.state = next;
    },
    clock: { wait: (seconds, signal) => (seconds < 3_600 ? Promise.resolve() : hang(machine, signal)) },
    faults: () => machine.faults,
    deadMen: {
      read: () => machine.deadMen,
      write: (next) => {
        machine.deadMen = next;
      },
    },
    now: () => Date.now() + machine.aheadMs,
    onBegin: ({ operation }) => machine.onBegin(operation),
  });
  const server = await startWinrmServer({
    host: '127.0.0.1',
    http: { port: 0 },
    accounts: [{ username: 'Administrator', password: 'Correct-Horse-1', domain: '' }],
    computerName: name,
    execute: (request) =>
      executor.execute({ ...request, stdin: request.stdin.toString('utf8'), user: request.user.username }),
    faults: winrm,
  });
  const client = connectTo({ id, name, port: server.httpPort ?? 0 });
  return Object.assign(machine, { server, client, executor });
}

export function connectTo(where: { readonly id: string; readonly name: string; readonly port: number }): WindowsServer {
  return createWindowsServer(
    {
      ...where,
      host: '127.0.0.1',
      transport: 'http',
      login: { kind: 'ntlm', username: 'Administrator', password: 'Correct-Horse-1', domain: '' },
      pins: { certificate: null },
    },
    { gate: createServerGate(), now: Date.now, reconnectAfterMs: 50 },
  );
}

function hang(machine: { hanging: boolean }, signal: AbortSignal): Promise<void> {
  machine.hanging = true;
  return new Promise((_resolve, reject) => {
    const end = (): void => {
      machine.hanging = false;
      reject(new Error('ended'));
    };
    signal.addEventListener('abort', end, { once: true });
  });
}

/** A pair with the guide's two services over these machines, the appliance's side in memory. */
export function openSite(machines: readonly Machine[]): Site {
  const sent: string[] = [];
  const statuses = new Map<string, RealServerStatus>();
  for (const name of Object.keys(ports)) {
    machines.forEach((_machine, index) => statuses.set(`${name}/${name}${index + 1}`, 'online'));
  }
  const services = (): VirtualServiceReading[] =>
    Object.entries(ports).map(([name, text]) => ({
      name,
      layer: 4,
      address: vip,
      ports: text,
      protocol: 'tcp',
      method: 'gate',
      scheduler: 'wlc',
      check: null,
      onFallback: false,
      realServers: machines.map((machine, index) => ({
        name: `${name}${index + 1}`,
        address: machine.address,
        port: null,
        status: statuses.get(`${name}/${name}${index + 1}`) ?? null,
        weight: statuses.get(`${name}/${name}${index + 1}`) === 'online' ? 100 : 0,
        activeConnections: site.connections,
        inactiveConnections: 0,
        connectionsPerSecond: 0,
        checkText: null,
        ...(site.partly.has(`${name}${index + 1}`) && { partly: true }),
      })),
    }));
  const reading = (unitId: string): ApplianceReading => ({
    readAt: Date.now(),
    via: 'ssh',
    hostname: 'lb-main-1',
    version: '8.13.1',
    updateNotice: '',
    licence: null,
    clockOffsetSeconds: 0,
    ha: {
      role: 'primary',
      state: unitId === site.active ? 'active' : 'passive',
      peerAddress: null,
      peerAlive: true,
      floatingAddresses: [vip],
    },
    services: services(),
    pendingRestarts: [],
    gaps: [],
  });
  const answer = async (
    unitId: string,
    action: 'drain' | 'online',
    { vip: service, rip }: { vip: string; rip: string },
  ) => {
    await site.before(unitId, action);
    sent.push(`${action} ${service} ${rip}`);
    site.words.push({ unitId, text: `${action} ${service} ${rip}` });
    if (unitId === site.active) statuses.set(`${service}/${rip}`, action === 'drain' ? 'drained' : 'online');
    return { via: 'ssh' as const, status: 'success' as const, text: 'success', records: [] };
  };
  /** Who answers ARP follows from the state of the machines. */
  const macs = (address: string) => [
    '00:50:56:9c:1e:07',
    ...machines.flatMap((machine) =>
      machine.state.adapters
        .filter((adapter) => !isLoopback(adapter) && addressOn(adapter, address) !== undefined)
        .map((adapter) => adapter.mac.toLowerCase().replaceAll('-', ':')),
    ),
  ];
  const site: Site = {
    machines,
    sent,
    statuses,
    partly: new Set(),
    active: 'u1',
    failoverMs: 0,
    aheadMs: 0,
    words: [],
    before: () => undefined,
    connections: 0,
    deps: (bench, db) => ({
      db,
      estate: {
        pairs: () => [
          {
            id: 'main',
            name: 'lb-main',
            siteName: 'Main hospital',
            activeUnit: site.active === 'u1' ? units.u1 : units.u2,
            passiveUnit: site.active === 'u1' ? units.u2 : units.u1,
            services: services(),
            fresh: true,
            readAt: Date.now(),
            practice: true,
          },
        ],
        servers: () => machines.map(({ id, name, address }) => ({ id, name, addresses: [address], practice: true })),
        onChange: () => () => undefined,
        refresh: () => Promise.resolve(),
      },
      windows: (id) => {
        const machine = machines.find((item) => item.id === id);
        return machine === undefined ? Promise.reject(new Error(id)) : Promise.resolve(machine.client);
      },
      appliance: (unitId) =>
        Promise.resolve({
          name: unitId === 'u2' ? 'lb-main-2' : 'lb-main-1',
          read: async () => {
            await site.before(unitId, 'read');
            return reading(unitId);
          },
          drain: (ref) => answer(unitId, 'drain', ref),
          online: (ref) => answer(unitId, 'online', ref),
          arping: (address) => Promise.resolve({ via: 'ssh', address, macs: macs(address), text: '' }),
        }),
      describeCall: (_unitId, call): Promise<PlanAction> =>
        Promise.resolve({ via: 'ssh', kind: 'command', text: `lbcli --action ${call.action}` }),
      plans: bench.jobs.plans,
      jobOf: () => null,
      changed: () => undefined,
      logUnexpected: (error) => {
        throw error;
      },
      now: () => Date.now() + site.aheadMs,
      drainSeconds: 0,
      get failoverMs() {
        return site.failoverMs;
      },
      askEveryMs: 5,
    }),
    close: async () => {
      for (const machine of machines) {
        await machine.client.close();
        await machine.server.close();
      }
    },
  };
  return site;
}

export interface Running {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly directRouting: DirectRouting;
  /** Starts a plan that was drawn up. */
  start(plan: Plan): Promise<string>;
  ended(jobId: string): Promise<JobSummary>;
  close(): Promise<void>;
}

/** The capability over real jobs and a real database; opening the folder again is the engine's next start. */
export async function openEngine(folder: string, site: Pick<Site, 'deps'>): Promise<Running> {
  const database = await openDatabase({ file: join(folder, 'evenkeel.db') });
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
  const directRouting = createDirectRouting(site.deps({ jobs }, database.kysely));
  jobs.register(directRouting.catalogue);
  await directRouting.start();
  await jobs.resume();
  return {
    database,
    jobs,
    directRouting,
    start: async (plan) => {
      const order = { planId: plan.id, reason: 'planned maintenance', ticket: null, confirmName: null, by: 'jokafor' };
      return (await jobs.start(order)).jobId;
    },
    ended: (jobId) => jobs.wait(jobId, AbortSignal.timeout(15_000)),
    close: async () => {
      directRouting.stop();
      await jobs.close();
      await database.close();
    },
  };
}

export { newFolder, removeFolder } from '#test/unit/jobs/kit';
