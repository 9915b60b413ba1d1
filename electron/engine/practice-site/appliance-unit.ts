import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PracticeFault } from '#shared/contract/practice';
import { generatedFiles, SshServer, UnitFiles, type Machine, type MachineLogins } from './appliance-server/index';
import { selfSigned, type Certificate } from './certificate';
import { FaultBook } from './faults';
import { Gate } from './gate';
import { seededHostKey, type HostKey } from './host-key';
import { seededPassword } from './random';
import { WebuiServer } from './webui/index';
import { beginRestart, changeAppliance, endRestart, type PracticeWorld } from './world/index';

/** Practice seconds that a restart of the unit takes. */
const restartSeconds = 45;
/** Real milliseconds for the answer to the command that asked for the restart to leave. */
const restartGraceMs = 300;

/** One practice appliance: SSH and WebUI (with the API) behind a gate each, over one machine. */
export class ApplianceUnit {
  readonly faults = new FaultBook();
  readonly machine: Machine;
  private readonly sshGate: Gate;
  private readonly webGate: Gate;
  private readonly webui: WebuiServer;
  private ssh: SshServer | null = null;
  private sshPort_ = 0;
  private webPort_ = 0;
  private key: HostKey;
  private keyChanges = 0;
  private restarting = false;

  private constructor(
    readonly name: string,
    private readonly world: PracticeWorld,
    folder: string,
    private readonly identity: Certificate,
    private readonly signal: AbortSignal,
  ) {
    const password = (purpose: string): string => seededPassword(world.seed, `${purpose} ${name}`);
    const logins: MachineLogins = {
      ssh: { username: 'root', password: password('ssh') },
      webui: { username: 'loadbalancer', password: password('webui') },
      api: { username: 'practice-api', password: password('api'), key: password('api key') },
    };
    const files = new UnitFiles(join(folder, name), () => generatedFiles(this.machine), this.faults);
    this.machine = {
      unitName: name,
      world,
      clock: world.clock,
      faults: this.faults,
      files,
      signal,
      logins,
      restart: () => void this.restart(),
    };
    this.key = seededHostKey(world.seed, name);
    this.webui = new WebuiServer(this.machine, identity);
    this.sshGate = new Gate({ port: () => this.sshPort_, take: (socket) => this.ssh?.take(socket) }, this.faults);
    this.webGate = new Gate({ port: () => this.webPort_, take: (socket) => this.webui.take(socket) }, this.faults);
  }

  static async start(name: string, world: PracticeWorld, folder: string, signal: AbortSignal): Promise<ApplianceUnit> {
    const unit = new ApplianceUnit(name, world, folder, await selfSigned(name), signal);
    await unit.machine.files.prepare();
    await unit.startSsh();
    unit.webPort_ = await unit.webui.start();
    await unit.openGates();
    return unit;
  }

  get sshPort(): number {
    return this.sshGate.port;
  }

  get webuiPort(): number {
    return this.webGate.port;
  }

  get sshHostKeySha256(): string {
    return this.key.sha256;
  }

  get certificateSha256(): string {
    return this.identity.sha256;
  }

  get logins(): MachineLogins {
    return this.machine.logins;
  }

  async fault(fault: PracticeFault): Promise<void> {
    this.faults.set(fault);
    this.world.apply((state) =>
      changeAppliance(state, this.name, {
        failingChecks: this.faults
          .list()
          .flatMap((item) =>
            item.kind === 'failing-check' ? [{ service: item.service, realServer: item.realServer }] : [],
          ),
      }),
    );
    if (fault.kind === 'changed-host-key') {
      this.keyChanges += 1;
      this.key = seededHostKey(this.world.seed, `${this.name}, change ${this.keyChanges}`);
      await this.startSsh();
      this.sshGate.reset();
    }
    if (this.faults.find('refuse')) await this.closeGates();
    else if (!this.restarting) await this.openGates();
  }

  async close(): Promise<void> {
    await this.closeGates();
    await Promise.all([this.ssh?.stop(), this.webui.stop()]);
  }

  /** Down for a while of practice time, then back on the same ports. */
  private async restart(): Promise<void> {
    if (this.restarting) return;
    this.restarting = true;
    try {
      await sleep(restartGraceMs, undefined, { signal: this.signal });
      this.world.apply((state) => beginRestart(state, this.name));
      await this.closeGates();
      await this.world.clock.wait(this.faults.find('slow-reboot')?.seconds ?? restartSeconds, this.signal);
      this.world.apply((state) => endRestart(state, this.name, this.world.clock.now()));
      this.restarting = false;
      if (!this.faults.find('refuse')) await this.openGates();
    } catch (error) {
      // The practice site closes while the unit is down: there is nothing to come back to.
      if (!this.signal.aborted) throw error;
    }
  }

  private async startSsh(): Promise<void> {
    await this.ssh?.stop();
    this.ssh = new SshServer(this.machine, this.key.privateKey);
    this.sshPort_ = await this.ssh.start();
  }

  private async openGates(): Promise<void> {
    await Promise.all([this.sshGate.open(), this.webGate.open()]);
  }

  private async closeGates(): Promise<void> {
    await Promise.all([this.sshGate.close(), this.webGate.close()]);
  }
}
