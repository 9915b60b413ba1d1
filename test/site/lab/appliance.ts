import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  generatedFiles,
  shellOf,
  UnitFiles,
  type CommandCall,
  type CommandImplementation,
  type Machine,
} from '#engine/practice-site/appliance-server/index';
import { FaultBook } from '#engine/practice-site/faults';
import { must, run, within } from './commands';
import { unitNames } from './lab-world';
import { hosts, namespaceOf, type UnitPlace } from './names';
import type { Pair } from './pair';
import { listening, type Processes } from './processes';
import { listenForRelay, type RelaySession } from './relay-server';

const relay = fileURLToPath(new URL('relay.pl', import.meta.url));
const noLogins = { username: '', password: '' };

export interface ApplianceParts {
  readonly place: UnitPlace;
  readonly pair: Pair;
  readonly folder: string;
  readonly processes: Processes;
  /** Public key of the one who may log on as root: OpenSSH's one-line form. */
  readonly authorizedKey: string;
  readonly signal: AbortSignal;
}

/**
 * One appliance: OpenSSH's server in the unit's namespace, whose sessions run on the practice appliance's shell. What
 * asks the network there, `arping` and `ip`, is the real program in the namespace.
 */
export class Appliance {
  private constructor(
    readonly place: UnitPlace,
    /** As `ssh-keygen -l` prints it, without `SHA256:`. */
    readonly hostKeySha256: string,
    private readonly closeRelay: () => Promise<void>,
  ) {}

  get name(): string {
    return unitNames[this.place];
  }

  get address(): string {
    return hosts[this.place].address;
  }

  static async open(parts: ApplianceParts): Promise<Appliance> {
    const { place, pair, processes } = parts;
    const folder = join(parts.folder, place);
    await mkdir(join(folder, 'files'), { recursive: true });
    await mkdir(join(folder, 'home'));
    const machine = await machineOf(parts, join(folder, 'files'));
    const socket = join(folder, 'relay');
    const closeRelay = await listenForRelay(socket, (session) => runSession(machine, pair, place, session));
    await must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', unitNames[place], '-f', join(folder, 'host')]);
    await writeFile(join(folder, 'authorized'), `${parts.authorizedKey}\n`, { mode: 0o600 });
    await mkdir('/run/sshd', { recursive: true });
    const config = [
      `ListenAddress ${hosts[place].address}:22`,
      `HostKey ${join(folder, 'host')}`,
      `AuthorizedKeysFile ${join(folder, 'authorized')}`,
      `PidFile ${join(folder, 'sshd.pid')}`,
      `ForceCommand exec /usr/bin/perl '${relay}' '${socket}'`,
      // Sessions begin with root's login shell; what root has put into its start-up files is none of theirs.
      `SetEnv HOME=${join(folder, 'home')}`,
      'PermitRootLogin prohibit-password',
      'PasswordAuthentication no',
      'StrictModes no',
      'UsePAM no',
      'UseDNS no',
      'MaxStartups 50',
    ];
    await writeFile(join(folder, 'sshd_config'), `${config.join('\n')}\n`);
    const words = ['/usr/sbin/sshd', '-D', '-e', '-f', join(folder, 'sshd_config')];
    processes.start(place, words, { log: join(folder, 'sshd.log') });
    await listening(place, hosts[place].address, 22);
    const publicKey = (await readFile(join(folder, 'host.pub'), 'utf8')).split(' ')[1] ?? '';
    const hostKeySha256 = createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('base64');
    return new Appliance(place, hostKeySha256.replace(/=+$/, ''), closeRelay);
  }

  async close(): Promise<void> {
    await this.closeRelay();
  }
}

async function machineOf({ place, pair, signal }: ApplianceParts, folder: string): Promise<Machine> {
  const faults = new FaultBook();
  const machine: Machine = {
    unitName: unitNames[place],
    world: pair.world,
    clock: pair.world.clock,
    faults,
    files: new UnitFiles(folder, () => generatedFiles(machine), faults),
    signal,
    logins: { ssh: noLogins, webui: noLogins, api: { ...noLogins, key: '' } },
    restart: () => undefined,
  };
  await machine.files.prepare();
  return machine;
}

async function runSession(machine: Machine, pair: Pair, place: UnitPlace, session: RelaySession): Promise<number> {
  if (session.command.includes('ipvsadm')) await pair.count();
  const own = new Map<string, CommandImplementation>([
    ['arping', (call) => inPlace(['ip', 'netns', 'exec', namespaceOf(place), 'arping', ...call.args], call)],
    ['ip', (call) => inPlace(['ip', '-n', namespaceOf(place), ...call.args], call)],
  ]);
  const shell = shellOf(machine, AbortSignal.any([machine.signal, session.signal]), own);
  const status = await shell.run(session.command, {
    stdin: session.stdin,
    out: { write: (chunk) => session.out(chunk) },
    err: { write: (chunk) => session.err(chunk) },
  });
  // What was ordered is carried out before the session ends.
  await pair.settle();
  return status;
}

async function inPlace(words: readonly string[], call: CommandCall): Promise<number> {
  const { code, stdout, stderr } = await run(words, { deadlineMs: 20_000 });
  await call.out.write(stdout);
  await call.err.write(stderr);
  return code;
}

/** What a person at the operator's computer does with a terminal: one command on a unit, by OpenSSH's client. */
export async function ssh(place: UnitPlace, folder: string, command: string): Promise<string> {
  const options = ['UserKnownHostsFile=/dev/null', 'StrictHostKeyChecking=no', 'LogLevel=ERROR', 'ConnectTimeout=5'];
  const words = [
    ...['ssh', '-F', 'none', '-i', join(folder, 'operator')],
    ...options.flatMap((option) => ['-o', option]),
    `root@${hosts[place].address}`,
    command,
  ];
  return must(within('operator', words), { deadlineMs: 60_000 });
}
