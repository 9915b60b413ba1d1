import { mkdir } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { PracticeEndpoints, PracticeFault, PracticeStatus, Scenario } from '#shared/contract/practice';
import { EvenkeelError } from '#shared/errors';
import { ApplianceUnit } from './appliance-unit';
import { buildArchive, type ArchiveFiles } from './archives';
import { ClientNetwork } from './client-network/index';
import { PracticeClock } from './clock';
import type { PwshOptions } from './pwsh-executor/index';
import { WindowsUnit } from './windows-endpoints';
import {
  afterPowerCut,
  guideScenario,
  PracticeWorld,
  silentServers,
  twoSitesScenario,
  type WorldState,
} from './world/index';

export interface PracticeOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  /** How many times faster than real time the practice clock runs. */
  readonly speed: number;
  /** A folder of this computer for what is uploaded to the units, and for the update archive. Belongs to the site. */
  readonly folder: string;
  /** Closing the site aborts what runs on it; so does this. */
  readonly signal: AbortSignal;
  readonly archiveBytes?: number;
  /** The Windows servers run this PowerShell, with a module that stands in for the cmdlets of Windows. */
  readonly pwsh?: PwshOptions | undefined;
  /** What was true when the site was open before, as `onState` gave it; the scenario's beginning when not given. */
  readonly state?: WorldState;
  /** Called with what is true after every change, so that the site can be opened again as it was. */
  readonly onState?: (state: WorldState) => void;
}

interface Login {
  readonly username: string;
  readonly password: string;
}

export interface PracticeAppliance {
  readonly name: string;
  readonly site: string;
  readonly pairName: string;
  readonly host: string;
  readonly sshPort: number;
  readonly webuiPort: number;
  readonly ssh: Login;
  readonly webui: Login;
  readonly api: Login & { readonly key: string };
  readonly sshHostKeySha256: string;
  readonly certificateSha256: string;
  /** The address under which the practice network knows the unit, for example `192.168.100.11`. */
  readonly modelAddress: string;
}

export interface PracticeWindows {
  readonly name: string;
  readonly site: string;
  readonly host: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  /** Port and transport that the inventory takes. */
  readonly port: number;
  readonly transport: 'https' | 'http';
  readonly login: Login & { readonly kind: 'ntlm'; readonly domain: string };
  readonly certificateSha256: string;
  readonly modelAddress: string;
  /** Every address by which appliances may know it as a real server. */
  readonly addresses: readonly string[];
}

export interface PracticeUnits {
  readonly appliances: readonly PracticeAppliance[];
  readonly windows: readonly PracticeWindows[];
}

/** The practice site: appliances and Windows servers on loopback, over real protocols, in one modelled network. */
export class PracticeSite {
  private constructor(
    private readonly options: PracticeOptions,
    readonly world: PracticeWorld,
    private readonly appliances: readonly ApplianceUnit[],
    private readonly windows: readonly WindowsUnit[],
    /** Update archive and checksum that this site offers as if support had sent them. */
    readonly archive: ArchiveFiles,
    private readonly closing: AbortController,
    private readonly clients: ClientNetwork,
  ) {}

  static async open(options: PracticeOptions): Promise<PracticeSite> {
    const closing = new AbortController();
    const signal = AbortSignal.any([options.signal, closing.signal]);
    const clock = new PracticeClock(options.speed);
    const fresh = options.scenario === 'guide' ? guideScenario(clock.now()) : twoSitesScenario(clock.now());
    const state = options.state === undefined ? fresh : afterPowerCut(options.state, clock.now());
    const world = new PracticeWorld(state, clock, options.seed, options.onState);
    const support = join(options.folder, 'from-support');
    await mkdir(support, { recursive: true });
    const units: (ApplianceUnit | WindowsUnit)[] = [];
    try {
      const archive = await buildArchive(
        {
          folder: support,
          seed: options.seed,
          ...(options.archiveBytes === undefined ? {} : { bytes: options.archiveBytes }),
        },
        signal,
      );
      const appliances = await Promise.all(
        state.appliances.map(async ({ name }) =>
          noted(units, await ApplianceUnit.start(name, world, options.folder, signal)),
        ),
      );
      const windows = await Promise.all(
        state.windows.map(async ({ name }) => {
          const pwsh = options.pwsh && { ...options.pwsh, folder: join(options.folder, 'windows', name) };
          return noted(units, await WindowsUnit.start(name, world, pwsh));
        }),
      );
      if (options.scenario === 'two-sites') {
        for (const unit of windows) if (silentServers.includes(unit.name)) await unit.fault({ kind: 'refuse' });
      }
      return new PracticeSite(options, world, appliances, windows, archive, closing, new ClientNetwork(world));
    } catch (error) {
      closing.abort();
      await Promise.all(units.map((unit) => unit.close()));
      throw error;
    }
  }

  /** Every endpoint, account and identity, in the form that any independent client can use. */
  endpoints(): PracticeEndpoints {
    return {
      appliances: this.appliances.map((unit) => ({
        name: unit.name,
        ssh: { host: '127.0.0.1', port: unit.sshPort, ...unit.logins.ssh, hostKeySha256: unit.sshHostKeySha256 },
        webui: {
          url: `https://127.0.0.1:${unit.webuiPort}/lbadmin/`,
          ...unit.logins.webui,
          certificateSha256: unit.certificateSha256,
        },
        api: { url: `https://127.0.0.1:${unit.webuiPort}/api/v2/`, ...unit.logins.api },
      })),
      windows: this.windows.map((unit) => ({
        name: unit.name,
        http: { url: `http://127.0.0.1:${unit.httpPort}/wsman` },
        https: { url: `https://127.0.0.1:${unit.httpsPort}/wsman`, certificateSha256: unit.certificateSha256 },
        ...unit.login,
      })),
    };
  }

  /** The same units for the inventory. They are reached on loopback; their modelled addresses are what they report. */
  units(): PracticeUnits {
    return {
      appliances: this.appliances.map((unit) => ({
        name: unit.name,
        site: this.world.pairOf(unit.name).site,
        pairName: this.world.pairOf(unit.name).name,
        host: '127.0.0.1',
        sshPort: unit.sshPort,
        webuiPort: unit.webuiPort,
        ...unit.logins,
        sshHostKeySha256: unit.sshHostKeySha256,
        certificateSha256: unit.certificateSha256,
        modelAddress: this.world.appliance(unit.name).address,
      })),
      windows: this.windows.map((unit) => {
        const { address, site, network } = this.world.windowsHost(unit.name);
        const lan = network.adapters.find((item) => item.addresses.some((held) => held.address === address));
        return {
          name: unit.name,
          site,
          host: '127.0.0.1',
          httpPort: unit.httpPort,
          httpsPort: unit.httpsPort,
          port: unit.httpsPort,
          transport: 'https',
          login: { kind: 'ntlm', ...unit.login },
          certificateSha256: unit.certificateSha256,
          modelAddress: address,
          addresses: lan?.addresses.map((held) => held.address) ?? [address],
        };
      }),
    };
  }

  /** A client's connection to a modelled address; `null`: its packets are lost. */
  dial(address: string, port: number): Socket | null {
    return this.closing.signal.aborted ? null : this.clients.dial(address, port);
  }

  /** Makes something go wrong on a unit, or clears it. Throws `not_found` for a name that the site does not have. */
  async fault(unitName: string, fault: PracticeFault): Promise<void> {
    const unit = [...this.appliances, ...this.windows].find((item) => item.name === unitName);
    if (!unit) {
      throw new EvenkeelError('not_found', { unit: unitName, step: 'practice fault', advice: 'Name a practice unit.' });
    }
    await unit.fault(fault);
  }

  status(): PracticeStatus {
    return {
      open: !this.closing.signal.aborted,
      scenario: this.options.scenario,
      speed: this.options.speed,
      units: [...this.appliances, ...this.windows].map((unit) => ({
        unitName: unit.name,
        faults: [...unit.faults.list()],
      })),
      archive: this.archive,
    };
  }

  /** Ends every connection and frees every port. The folder is left to its owner. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all([...this.appliances, ...this.windows, this.clients].map((part) => part.close()));
  }
}

function noted<T extends ApplianceUnit | WindowsUnit>(units: (ApplianceUnit | WindowsUnit)[], unit: T): T {
  units.push(unit);
  return unit;
}
