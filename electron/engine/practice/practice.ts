import { mkdir, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { LiveMap } from '#engine/dispatch/index';
import { practiceId, type PracticeUnits } from '#engine/inventory/index';
import type { UnitLocks } from '#engine/jobs/index';
import { PracticeSite } from '#engine/practice-site/index';
import type { PracticeEndpoints, PracticeFault, PracticeStatus, Scenario } from '#shared/contract/practice';
import { EvenkeelError } from '#shared/errors';
import { SiteFile, type SavedSite } from './saved-site';

export interface PracticeDeps {
  /** Belongs to the practice site alone: it is emptied when the site is opened anew or closed. */
  readonly folder: string;
  readonly locks: Pick<UnitLocks, 'holder'>;
  readonly inventory: {
    addPracticeUnits(units: PracticeUnits): Promise<void>;
    removePracticeUnits(): Promise<void>;
    refuseReal(): void;
  };
  readonly audit: (event: {
    readonly who: string;
    readonly what: string;
    readonly subject: string;
    readonly details: Readonly<Record<string, string | number | boolean | null>>;
  }) => Promise<unknown>;
  readonly logUnexpected: (error: unknown, step: string) => void;
  /** For tests: a small update archive. */
  readonly archiveBytes?: number;
}

interface OpenInput {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly speed: number;
}

const closed: PracticeStatus = { open: false, scenario: null, speed: 1, units: [], archive: null };

/** Opens and closes the practice site and keeps its units in the inventory while it is open. */
export class Practice {
  readonly live = new LiveMap<PracticeStatus>();
  private readonly file: SiteFile;
  private readonly stopping = new AbortController();
  private site: PracticeSite | null = null;
  private busy = false;

  constructor(private readonly deps: PracticeDeps) {
    this.file = new SiteFile(deps.folder, deps.logUnexpected);
    this.show();
  }

  /**
   * Call once at the engine's start, before jobs are resumed: a site that was open is opened again as it was. Where that
   * cannot be, its units leave the inventory, so that nothing is shown that is not there.
   */
  async restore(): Promise<void> {
    const saved = await this.file.load();
    if (saved === null) return this.deps.inventory.removePracticeUnits();
    try {
      await this.bring(saved, saved.state);
    } catch (error) {
      this.deps.logUnexpected(error, 'opening the practice site again');
      await this.deps.inventory.removePracticeUnits();
    }
  }

  async open(input: OpenInput, operator: string): Promise<PracticeStatus> {
    return this.alone(async () => {
      if (this.site !== null) {
        const advice = 'Close it before opening it anew.';
        throw new EvenkeelError('conflict', { step: 'opening the practice site', unchanged: 'The open site.', advice });
      }
      this.deps.inventory.refuseReal();
      await rm(this.deps.folder, { recursive: true, force: true });
      await this.bring(input, null);
      const { scenario, seed, speed } = input;
      await this.note(operator, 'practice.opened', { scenario, seed, speed });
      return this.status();
    });
  }

  /** Refused with `unit_locked` while a job works on one of its units. */
  async close(operator: string): Promise<void> {
    await this.alone(async () => {
      const site = this.running();
      const names = site.status().units.map((unit) => unit.unitName);
      for (const unit of names) this.refuseLocked(unit);
      await this.deps.inventory.removePracticeUnits();
      this.site = null;
      await site.close();
      await this.file.remove();
      await rm(this.deps.folder, { recursive: true, force: true });
      this.show();
      await this.note(operator, 'practice.closed', {});
    });
  }

  async fault(unitName: string, fault: PracticeFault, operator: string): Promise<void> {
    await this.running().fault(unitName, fault);
    this.show();
    await this.note(operator, 'practice.fault', { unit: unitName, fault: fault.kind });
  }

  status(): PracticeStatus {
    return this.site?.status() ?? closed;
  }

  endpoints(): PracticeEndpoints {
    return this.running().endpoints();
  }

  /** A client's connection to a modelled address; without a site nothing answers, and nothing is sent. */
  dial(address: string, port: number): Socket | null {
    return this.site?.dial(address, port) ?? null;
  }

  /** Ends the site with the engine; its state stays for `restore`. */
  async stop(): Promise<void> {
    this.stopping.abort();
    const { site } = this;
    this.site = null;
    await site?.close();
  }

  private async bring(input: OpenInput, state: SavedSite['state'] | null): Promise<void> {
    const { scenario, seed, speed } = input;
    const folder = join(this.deps.folder, 'units');
    await mkdir(folder, { recursive: true });
    const { archiveBytes } = this.deps;
    const site = await PracticeSite.open({
      ...{ scenario, seed, speed, folder, signal: this.stopping.signal },
      ...(state !== null && { state }),
      ...(archiveBytes !== undefined && { archiveBytes }),
      onState: (now) => this.file.save({ scenario, seed, speed, state: now }),
    });
    try {
      await this.deps.inventory.addPracticeUnits(inventoryUnits(site));
    } catch (error) {
      await site.close();
      throw error;
    }
    this.site = site;
    this.file.save({ scenario, seed, speed, state: site.world.state });
    this.show();
  }

  /** Opening and closing never overlap. */
  private async alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.busy) throw new EvenkeelError('conflict', { step: 'practice site', advice: 'Wait until it is ready.' });
    this.busy = true;
    try {
      return await work();
    } finally {
      this.busy = false;
    }
  }

  private refuseLocked(unit: string): void {
    const holder = this.deps.locks.holder(practiceId(unit));
    if (holder === null) return;
    throw new EvenkeelError('unit_locked', {
      ...{ unit, job: holder.number, jobTitle: holder.title, step: 'closing the practice site' },
      unchanged: 'The practice site is open as before.',
      advice: `Wait until job ${holder.number} has ended, or cancel it.`,
    });
  }

  private running(): PracticeSite {
    if (this.site !== null) return this.site;
    throw new EvenkeelError('practice_not_running', { step: 'practice site', advice: 'Open the practice site first.' });
  }

  private show(): void {
    this.live.set('practice', this.status());
  }

  private async note(who: string, what: string, details: Readonly<Record<string, string | number>>): Promise<void> {
    await this.deps.audit({ who, what, subject: 'Practice site', details });
  }
}

function inventoryUnits(site: PracticeSite): PracticeUnits {
  const { appliances, windows } = site.units();
  return {
    appliances: appliances.map((unit) => {
      const { name, host, pairName, modelAddress, sshPort, webuiPort, webui, api } = unit;
      return {
        ...{ name, site: unit.site, host, pairName, modelAddress, sshPort, webuiPort, webui, api },
        role: site.world.appliance(name).role,
        ssh: { kind: 'password', ...unit.ssh },
        pins: { sshHostKey: unit.sshHostKeySha256, certificate: unit.certificateSha256 },
      };
    }),
    windows: windows.map(({ name, site: siteName, host, port, transport, login, addresses, certificateSha256 }) => ({
      ...{ name, site: siteName, host, port, transport, login, modelAddresses: addresses },
      pins: { certificate: transport === 'https' ? certificateSha256 : null },
    })),
  };
}
