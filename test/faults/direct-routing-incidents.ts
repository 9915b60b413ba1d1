import { expect, vi } from 'vitest';
import { drOptions } from '#shared/contract/direct-routing';
import type { JobDetail, JobSummary } from '#shared/contract/jobs';
import { EvenkeelError } from '#shared/errors';
import type { DirectRoutingDeps, DrAppliance } from '#engine/direct-routing/index';
import { FaultBook } from '#engine/practice-site/faults';
import { Gate } from '#engine/practice-site/gate';
import type { WindowsServer } from '#engine/windows/index';
import {
  connectTo,
  newFolder,
  openEngine,
  openMachine,
  openSite,
  removeFolder,
  type Machine,
  type Running,
  type Site,
} from '#test/protocol/direct-routing/site';
import {
  lanAdapter,
  rightServer,
  server,
  strongHost,
  untouchedServer,
} from '#test/unit/direct-routing/windows-fixtures';

/** Every step of a fix that has something to do everywhere, in order, by its title. */
export const allSteps = [
  ...(['Guard', 'Drain', 'Snapshot', 'Arm', 'Install', 'Bindings', 'Interface', 'Address', 'Firewall', 'LAN'] as const),
  ...(['Verify', 'Wire', 'Confirm', 'Online'] as const),
] as const;

export type Title = (typeof allSteps)[number];

/** The steps that talk to the appliance; all others talk to the server. */
export const applianceSteps: readonly string[] = ['Guard', 'Drain', 'Wire', 'Online'];
export const serverSteps = allSteps.filter((step) => !applianceSteps.includes(step));

type Party = 'server' | 'appliance';

/** Nothing of it is there yet, and the firewall lets no service port in. */
export function beforeFix() {
  const untouched = untouchedServer();
  return { ...untouched, firewall: { ...untouched.firewall, allowRules: [] } };
}

interface Trap {
  readonly step: string;
  readonly party: Party;
  /** Before the word leaves, or once it took effect and before the answer leaves. */
  readonly moment: 'before' | 'after';
  readonly does: () => void;
}

/** A pair, a server that is fixed and another that is right; links and the server's power are cut at a step. */
export class Incidents {
  private step: string | null = null;
  private trap: Trap | null = null;
  private applianceCut = false;
  private running: Running | null = null;
  private shut: Promise<void> = Promise.resolve();

  private constructor(
    private readonly folder: string,
    readonly site: Site,
    readonly machine: Machine,
    /** The server's door: shut while it is down. */
    private readonly gate: Gate,
  ) {}

  static async open(): Promise<Incidents> {
    const first = server([
      lanAdapter({
        mac: '00-50-56-9C-02-10',
        ipv4: { ...strongHost, weakHostReceive: true },
        addresses: [{ address: '192.168.100.110', prefixLength: 24, skipAsSource: false, state: 'Preferred' }],
      }),
      ...rightServer().adapters.slice(1),
    ]);
    const machine = await openMachine('w2', 'ICA-APP02', '192.168.100.111', beforeFix());
    const site = openSite([await openMachine('w1', 'ICA-APP01', '192.168.100.110', first), machine]);
    const gate = new Gate({ port: () => machine.server.httpPort ?? 0 }, new FaultBook());
    await gate.open();
    machine.client = connectTo({ id: 'w2', name: machine.name, port: gate.port });
    const bench = new Incidents(await newFolder(), site, machine, gate);
    // Shells that a lost link leaves behind end when idle, which no case waits for.
    machine.winrm.quotaShells = 1_000;
    bench.listen();
    await bench.start();
    return bench;
  }

  get engine(): Running {
    if (this.running === null) throw new Error('The engine is not running.');
    return this.running;
  }

  async close(): Promise<void> {
    await this.running?.close();
    await this.gate.close();
    await this.site.close();
    await removeFolder(this.folder);
  }

  /** As at the beginning, for the next case. A job that a failed case left behind is given up. */
  async reset(): Promise<void> {
    const { machine, site } = this;
    this.trap = null;
    await this.boot();
    this.applianceBack();
    for (const job of await this.engine.jobs.list(1)) {
      if (job.state === 'waiting') await this.engine.jobs.decide(job.id, 'stop', 'jokafor');
    }
    Object.assign(machine, { aheadMs: 0, deadMen: [], state: beforeFix() });
    site.aheadMs = 0;
    for (const key of site.statuses.keys()) site.statuses.set(key, 'online');
    site.sent.length = 0;
  }

  /** Something happens once to the server: as a word is to leave to it, or to the appliance where the step asks that. */
  before(step: string, does: () => void): void {
    this.at(step, applianceSteps.includes(step) ? 'appliance' : 'server', 'before', does);
  }

  /** Something happens once, when the step of this title first talks to that party. */
  at(step: string, party: Party, moment: Trap['moment'], does: () => void): void {
    this.trap = { step, party, moment, does };
  }

  readonly lose = (): void => void Object.assign(this.machine.winrm, { refuse: true, cutAtByte: 1 });
  readonly findAgain = (): void => {
    delete this.machine.winrm.refuse;
    delete this.machine.winrm.cutAtByte;
  };
  /** Lost, and there again at once. */
  readonly blip = (): void => this.gate.reset();
  readonly powerOff = (): void => {
    this.machine.executor.powerOff();
    this.shut = this.gate.close();
  };
  readonly boot = async (): Promise<void> => {
    await this.shut;
    this.findAgain();
    await this.gate.open();
    this.machine.executor.powerOn();
  };
  /** Down, and up again before anybody looks. */
  readonly restart = (): void => {
    this.powerOff();
    setImmediate(() => void this.boot());
  };
  readonly loseAppliance = (): void => void (this.applianceCut = true);
  readonly applianceBack = (): void => void (this.applianceCut = false);

  async fix(): Promise<JobSummary> {
    const { calls } = this.engine.directRouting.handlers;
    const context = { signal: new AbortController().signal, operator: 'jokafor' };
    const options = drOptions.parse({ firewall: true });
    const plan = await calls['directRouting.plan']({ windowsIds: ['w2'], options }, context);
    expect(plan.steps.map(({ title }) => title)).toEqual(allSteps);
    const job = await this.engine.ended(await this.engine.start(plan));
    expect(this.trap, 'it happened').toBeNull();
    return job;
  }

  async undo({ id }: JobSummary): Promise<JobSummary> {
    await this.engine.jobs.decide(id, 'undo', 'jokafor');
    return this.engine.ended(id);
  }

  detail({ id }: JobSummary): Promise<JobDetail> {
    return this.engine.jobs.detail(id);
  }

  /** The time of the dead-man passes; where it is armed and the server has power, it takes back. */
  async timePasses(): Promise<void> {
    this.machine.aheadMs = 3_600_000;
    await this.machine.executor.fireDue();
  }

  /** What waits on the server, or has fired there. */
  async fired(): Promise<void> {
    await vi.waitFor(() => expect(this.machine.deadMen.map(({ fired }) => fired?.outcome)).toEqual(['restored']));
  }

  /** What a client of its own reads from the server, and the appliance says of it. */
  async seenByAnother() {
    const { name, server: endpoint } = this.machine;
    const other = connectTo({ id: 'other', name, port: endpoint.httpPort ?? 0 });
    try {
      const { adapters, firewall } = await other.readState(AbortSignal.timeout(10_000));
      return { adapters, firewall, inService: [...this.site.statuses.values()].map((status) => status === 'online') };
    } finally {
      await other.close();
    }
  }

  private async start(): Promise<void> {
    this.running = await openEngine(this.folder, { deps: (...given) => this.tapped(this.site.deps(...given)) });
    this.running.jobs.onJob((job) => (this.step = job.currentStep));
  }

  /** What the model of the server does, as it does it. */
  private listen(): void {
    const { machine } = this;
    let { state } = machine;
    let operation = '';
    machine.onBegin = (name) => (operation = name);
    Object.defineProperty(machine, 'state', {
      get: () => state,
      set: (next: typeof state) => {
        state = next;
        // The snapshot step reads first; what counts is the copy on the server.
        if (this.step !== 'Snapshot' || operation === 'snapshot') this.spring('server', 'after');
      },
    });
  }

  private tapped(deps: DirectRoutingDeps): DirectRoutingDeps {
    return {
      ...deps,
      windows: async (id) => (id === 'w2' ? this.tapServer(await deps.windows(id)) : deps.windows(id)),
      appliance: async (unitId) => this.tapAppliance(await deps.appliance(unitId)),
    };
  }

  private tapServer(client: WindowsServer): WindowsServer {
    const before = (): void => this.spring('server', 'before');
    return {
      id: client.id,
      name: client.name,
      readState: (signal) => (before(), client.readState(signal)),
      run: (operations, options) => (before(), client.run(operations, options)),
      way: () => client.way(),
      close: () => client.close(),
    };
  }

  private tapAppliance(appliance: DrAppliance): DrAppliance {
    const through = async <T>(work: () => Promise<T>, changes = false): Promise<T> => {
      this.spring('appliance', 'before');
      this.refuseCut(appliance);
      const answer = await work();
      if (changes) this.spring('appliance', 'after');
      this.refuseCut(appliance);
      return answer;
    };
    return {
      name: appliance.name,
      read: (signal) => through(() => appliance.read(signal)),
      drain: (ref, signal) => through(() => appliance.drain(ref, signal), true),
      online: (ref, signal) => through(() => appliance.online(ref, signal), true),
      arping: (...given) => through(() => appliance.arping(...given)),
    };
  }

  private refuseCut({ name }: DrAppliance): void {
    if (this.applianceCut) throw new EvenkeelError('link_cut', { unit: name });
  }

  private spring(party: Party, moment: Trap['moment']): void {
    const { trap } = this;
    if (trap?.step !== this.step || trap.party !== party || trap.moment !== moment) return;
    this.trap = null;
    trap.does();
  }
}
