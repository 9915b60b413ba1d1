import { randomBytes, X509Certificate } from 'node:crypto';
import type { ChildProcess } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WindowsNetworkState } from '#shared/domain/windows/network-state';
import { must } from './commands';
import { serverNames, untouched } from './lab-world';
import { hosts, type ServerPlace } from './names';
import { listening, type Processes } from './processes';
import type { FromWindowsHost, ToWindowsHost, WindowsHostOrders } from './windows-host-messages';

const hostSource = fileURLToPath(new URL('windows-host.ts', import.meta.url));
const answerDeadlineMs = 30_000;

export interface ServerParts {
  readonly place: ServerPlace;
  readonly folder: string;
  readonly processes: Processes;
  /** How many times faster than real time the server's own clock runs. */
  readonly speed: number;
}

/** One real server: Apache, dcmtk's storescp and the practice WinRM endpoint in the server's namespace. */
export class Server {
  private asked = 0;

  private constructor(
    readonly place: ServerPlace,
    readonly login: { readonly username: string; readonly password: string },
    /** Lower-case hex. */
    readonly certificateSha256: string,
    private readonly windows: ChildProcess,
  ) {}

  get name(): string {
    return serverNames[this.place];
  }

  get address(): string {
    return hosts[this.place].address;
  }

  static async open({ place, folder: base, processes, speed }: ServerParts): Promise<Server> {
    const folder = join(base, place);
    const name = serverNames[place];
    await mkdir(join(folder, 'www'), { recursive: true });
    await mkdir(join(folder, 'images'));
    const [keyFile, certificateFile] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
    const subject = ['-subj', `/CN=${name}`, '-days', '30', '-nodes', '-keyout', keyFile, '-out', certificateFile];
    await must(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', ...subject]);
    await writeFile(join(folder, 'www', 'index.html'), `${name}\n`);
    await writeFile(join(folder, 'apache.conf'), apacheConfig(folder, name));
    const log = (program: string): { log: string } => ({ log: join(folder, `${program}.log`) });
    processes.start(place, ['/usr/sbin/apache2', '-DFOREGROUND', '-f', join(folder, 'apache.conf')], log('apache'));
    processes.start(place, ['storescp', '--fork', '-od', join(folder, 'images'), '4444'], log('storescp'));
    const login = { username: 'Administrator', password: randomBytes(15).toString('base64url') };
    const orders: WindowsHostOrders = {
      ...{ computerName: name, state: untouched(place), username: login.username, keyFile, certificateFile, speed },
    };
    const windows = processes.start(place, [process.execPath, '--import', 'tsx', hostSource, JSON.stringify(orders)], {
      ...log('windows'),
      channel: true,
      env: { ...process.env, EVENKEEL_LAB_PASSWORD: login.password, NODE_NO_WARNINGS: '1' },
    });
    windows.setMaxListeners(100);
    await answer(windows, (message) => message.t === 'ready', 90_000);
    await Promise.all([80, 443, 4444, 5986].map((port) => listening(place, hosts[place].address, port)));
    const certificate = new X509Certificate(await readFile(certificateFile));
    return new Server(place, login, certificate.fingerprint256.replaceAll(':', '').toLowerCase(), windows);
  }

  /** What the server holds now, asked beside the network. */
  state(): Promise<WindowsNetworkState> {
    return this.ask((id) => ({ t: 'state', id }));
  }

  /** Makes it so, as a person at its console would. */
  set(state: WindowsNetworkState): Promise<WindowsNetworkState> {
    return this.ask((id) => ({ t: 'set', id, state }));
  }

  private async ask(order: (id: number) => ToWindowsHost): Promise<WindowsNetworkState> {
    const id = (this.asked += 1);
    const answered = answer(this.windows, (message) => message.t === 'state' && message.id === id, answerDeadlineMs);
    this.windows.send(order(id));
    const message = await answered;
    if (message.t !== 'state') throw new Error('not a state');
    return message.state;
  }
}

function answer(
  child: ChildProcess,
  wanted: (message: FromWindowsHost) => boolean,
  deadlineMs: number,
): Promise<FromWindowsHost> {
  return new Promise((resolve, reject) => {
    const end = (act: () => void): void => {
      clearTimeout(timer);
      child.off('message', take);
      child.off('exit', gone);
      act();
    };
    const take = (message: unknown): void => {
      if (wanted(message as FromWindowsHost)) end(() => resolve(message as FromWindowsHost));
    };
    const gone = (): void => end(() => reject(new Error('The Windows host of the lab has ended; see its log.')));
    const timer = setTimeout(() => end(() => reject(new Error('The Windows host of the lab is silent.'))), deadlineMs);
    child.on('message', take);
    child.on('exit', gone);
  });
}

/** On all addresses, with the server's name as its only page. */
function apacheConfig(folder: string, name: string): string {
  const modules = ['mpm_event', 'authz_core', 'dir', 'mime', 'alias', 'ssl', 'socache_shmcb'];
  const lines = [
    'ServerRoot /etc/apache2',
    `ServerName ${name}`,
    ...modules.map((module) => `LoadModule ${module}_module /usr/lib/apache2/modules/mod_${module}.so`),
    'User www-data',
    'Group www-data',
    'Listen 80',
    'Listen 443',
    'TypesConfig /dev/null',
    `PidFile ${join(folder, 'apache.pid')}`,
    `Mutex file:${folder} default`,
    `DefaultRuntimeDir ${folder}`,
    `ErrorLog ${join(folder, 'apache-error.log')}`,
    `DocumentRoot ${join(folder, 'www')}`,
    'DirectoryIndex index.html',
    'StartServers 1',
    'ThreadsPerChild 25',
    'KeepAlive On',
    'KeepAliveTimeout 60',
    `<Directory ${join(folder, 'www')}>`,
    '  Require all granted',
    '</Directory>',
    '<VirtualHost *:443>',
    '  SSLEngine on',
    `  SSLCertificateFile ${join(folder, 'certificate.pem')}`,
    `  SSLCertificateKeyFile ${join(folder, 'key.pem')}`,
    '</VirtualHost>',
  ];
  return `${lines.join('\n')}\n`;
}
