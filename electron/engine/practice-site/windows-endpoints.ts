import type { PracticeClock } from './clock';
import { selfSigned, type Certificate } from './certificate';
import { FaultBook } from './faults';
import { Gate } from './gate';
import { seededPassword } from './random';
import { createWindowsExecutor } from './windows-model/index';
import { startWinrmServer, type WinrmFaults, type WinrmServer } from './winrm-server/index';
import { changeWindows, type PracticeWorld } from './world/index';
import type { PracticeFault } from '#shared/contract/practice';

/** One practice Windows server: a WinRM endpoint behind a gate for HTTP and one for HTTPS. */
export class WindowsUnit {
  readonly faults = new FaultBook();
  private readonly winrmFaults: WinrmFaults = {};
  private readonly httpGate = new Gate({ port: () => this.server?.httpPort ?? 0 }, this.faults);
  private readonly httpsGate = new Gate({ port: () => this.server?.httpsPort ?? 0 }, this.faults);
  private server: WinrmServer | null = null;
  private identity: Certificate;
  readonly login: { readonly username: string; readonly password: string; readonly domain: string };

  private constructor(
    readonly name: string,
    private readonly world: PracticeWorld,
    private readonly clock: PracticeClock,
    identity: Certificate,
  ) {
    this.identity = identity;
    this.login = { username: 'Administrator', password: seededPassword(world.seed, `windows ${name}`), domain: '' };
  }

  static async start(name: string, world: PracticeWorld): Promise<WindowsUnit> {
    const unit = new WindowsUnit(name, world, world.clock, await selfSigned(name));
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
    this.winrmFaults.wrongCredentials = this.faults.find('wrong-credentials') !== null;
    if (fault.kind === 'changed-host-key') {
      this.identity = await selfSigned(this.name);
      await this.serve();
    }
    const gates = [this.httpGate, this.httpsGate];
    await Promise.all(gates.map((gate) => (this.faults.find('refuse') ? gate.close() : gate.open())));
  }

  async close(): Promise<void> {
    await Promise.all([this.httpGate.close(), this.httpsGate.close()]);
    await this.server?.close();
  }

  private async serve(): Promise<void> {
    await this.server?.close();
    const { world, name } = this;
    const executor = createWindowsExecutor({
      read: () => ({ ...world.windowsHost(name).network, readAt: Date.now() }),
      write: (network) => world.apply((state) => changeWindows(state, name, { network })),
      clock: this.clock,
      faults: () => ({}),
    });
    this.server = await startWinrmServer({
      host: '127.0.0.1',
      http: { port: 0 },
      https: { port: 0, key: this.identity.key, cert: this.identity.cert },
      accounts: [this.login],
      computerName: name,
      execute: (request) =>
        executor.execute({ ...request, stdin: request.stdin.toString('utf8'), user: request.user.username }),
      faults: this.winrmFaults,
    });
  }
}
