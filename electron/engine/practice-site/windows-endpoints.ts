import type { PracticeClock } from './clock';
import { selfSigned, type Certificate } from './certificate';
import { FaultBook } from './faults';
import { Gate } from './gate';
import { seededPassword } from './random';
import { isPowerShell } from './pwsh-executor/index';
import { incidentAt, isRefusing, setWinrmFaults } from './windows-faults';
import { windowsMachine, type MachinePwsh, type WindowsMachine } from './windows-machine';
import { startWinrmServer, type WinrmFaults, type WinrmServer } from './winrm-server/index';
import { changeWindows, type PracticeWorld } from './world/index';
import type { PracticeFault } from '#shared/contract/practice';
import type { WindowsOperation } from '#shared/domain/direct-routing/operations';

/** Practice seconds of a restart that was asked for without a time. */
const rebootSeconds = 60;

/** One practice Windows server: a WinRM endpoint behind a gate for HTTP and one for HTTPS. */
export class WindowsUnit {
  readonly faults = new FaultBook();
  private readonly winrmFaults: WinrmFaults = {};
  private readonly httpGate = new Gate({ port: () => this.server?.httpPort ?? 0 }, this.faults);
  private readonly httpsGate = new Gate({ port: () => this.server?.httpsPort ?? 0 }, this.faults);
  private readonly gates = [this.httpGate, this.httpsGate];
  private readonly machine: WindowsMachine;
  private readonly closing = new AbortController();
  private server: WinrmServer | null = null;
  /** It restarts, or its link is lost. */
  private away = false;
  private incident: Promise<void> = Promise.resolve();
  private identity: Certificate;
  readonly login: { readonly username: string; readonly password: string; readonly domain: string };

  private constructor(
    readonly name: string,
    private readonly world: PracticeWorld,
    private readonly clock: PracticeClock,
    identity: Certificate,
    private readonly pwsh: MachinePwsh | undefined,
  ) {
    this.identity = identity;
    this.machine = windowsMachine(name, world, this.faults, (operation) => this.happen(operation), pwsh);
    this.login = { username: 'Administrator', password: seededPassword(world.seed, `windows ${name}`), domain: '' };
  }

  static async start(name: string, world: PracticeWorld, pwsh?: MachinePwsh): Promise<WindowsUnit> {
    const unit = new WindowsUnit(name, world, world.clock, await selfSigned(name), pwsh);
    await unit.serve();
    await Promise.all([unit.httpGate.open(), unit.httpsGate.open()]);
    return unit;
  }

  get certificateSha256(): string {
    return this.identity.sha256;
  }

  get httpPort(): number {
    return this.httpGate.port;
  }

  get httpsPort(): number {
    return this.httpsGate.port;
  }

  async fault(fault: PracticeFault): Promise<void> {
    this.faults.set(fault);
    setWinrmFaults(this.winrmFaults, this.faults);
    if (fault.kind === 'changed-host-key' || fault.kind === 'certificate-changed') {
      this.identity = await selfSigned(this.name);
      await this.serve();
    }
    await this.openOrClose();
    this.happen(null);
  }

  async close(): Promise<void> {
    this.closing.abort(new Error('The practice site is closing.'));
    this.machine.powerOff();
    await Promise.all([this.httpGate.close(), this.httpsGate.close()]);
    await this.incident;
    await this.server?.close();
  }

  /** What was asked to happen at this operation, or now, begins. It goes on in the background. */
  private happen(operation: WindowsOperation | null): void {
    const found = incidentAt(this.faults, operation);
    if (found === null || this.away) return;
    const seconds = found.seconds ?? (found.kind === 'reboot' ? rebootSeconds : 0);
    this.away = true;
    if (found.kind === 'reboot') this.machine.powerOff();
    this.incident = this.stayAway(found.kind, seconds).catch((error: unknown) => {
      // Closing the site ends it in the middle.
      if (!this.closing.signal.aborted) throw error;
    });
  }

  private async stayAway(kind: 'reboot' | 'link-lost', seconds: number): Promise<void> {
    await Promise.all(this.gates.map((gate) => gate.close()));
    if (kind === 'reboot') await this.server?.close();
    // Clearing the fault ends it early.
    for (let left = seconds; left > 0 && this.faults.find(kind) !== null; left -= 1) {
      await this.clock.wait(Math.min(1, left), this.closing.signal);
    }
    this.closing.signal.throwIfAborted();
    if (kind === 'reboot') {
      const { network } = this.world.windowsHost(this.name);
      const started = { ...network, bootedAt: new Date().toISOString(), pendingReboot: false };
      this.world.apply((state) => changeWindows(state, this.name, { network: started }));
      await this.serve();
      this.machine.powerOn();
    }
    this.faults.drop(kind);
    this.away = false;
    await this.openOrClose();
  }

  private async openOrClose(): Promise<void> {
    const shut = this.away || isRefusing(this.faults);
    await Promise.all(this.gates.map((gate) => (shut ? gate.close() : gate.open())));
  }

  private async serve(): Promise<void> {
    await this.server?.close();
    this.server = await startWinrmServer({
      host: '127.0.0.1',
      http: { port: 0 },
      https: { port: 0, key: this.identity.key, cert: this.identity.cert },
      accounts: [this.login],
      computerName: this.name,
      execute: (request) => this.machine.execute(request),
      readsAsItComes: this.pwsh === undefined ? undefined : isPowerShell,
      faults: this.winrmFaults,
    });
  }
}
