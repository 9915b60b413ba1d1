import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { SshLogin } from '#shared/contract/inventory';

const sshd = '/usr/sbin/sshd';

/** Why OpenSSH's server cannot be used here; `null` when it can. */
export const noOpenSsh =
  existsSync(sshd) && existsSync('/usr/bin/ssh-keygen') ? null : 'openssh-server is not installed';

/** A real OpenSSH server on a loopback port of its own, with its own host key and one authorised key. */
export class OpenSsh {
  private constructor(
    private readonly server: ChildProcess,
    readonly folder: string,
    readonly port: number,
    readonly hostKeySha256: string,
    readonly login: SshLogin,
  ) {}

  static async start(extra: readonly string[] = []): Promise<OpenSsh> {
    const folder = mkdtempSync(join(tmpdir(), 'evenkeel-sshd-'));
    for (const key of ['host', 'user']) {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', key, '-f', join(folder, key)]);
    }
    writeFileSync(join(folder, 'authorized'), readFileSync(join(folder, 'user.pub')), { mode: 0o600 });
    mkdirSync('/run/sshd', { recursive: true });
    const port = await freePort();
    const config = [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${join(folder, 'host')}`,
      `AuthorizedKeysFile ${join(folder, 'authorized')}`,
      `PidFile ${join(folder, 'pid')}`,
      'StrictModes no',
      'UsePAM no',
      'PermitRootLogin yes',
      'MaxStartups 50',
      // What a shell of this account runs at its start may take long, and is none of the appliance's.
      `SetEnv HOME=${folder}`,
      ...extra,
      'Subsystem sftp internal-sftp',
    ];
    writeFileSync(join(folder, 'config'), `${config.join('\n')}\n`);
    const server = spawn(sshd, ['-D', '-e', '-f', join(folder, 'config')], { stdio: 'ignore' });
    await answers(port);
    const blob = Buffer.from(readFileSync(join(folder, 'host.pub'), 'utf8').split(' ')[1] ?? '', 'base64');
    const login: SshLogin = {
      kind: 'key',
      username: userInfo().username,
      privateKey: readFileSync(join(folder, 'user'), 'utf8'),
      passphrase: null,
    };
    const hostKeySha256 = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
    return new OpenSsh(server, folder, port, hostKeySha256, login);
  }

  async stop(): Promise<void> {
    if (this.server.exitCode === null) {
      const gone = new Promise((resolve) => this.server.once('exit', resolve));
      this.server.kill('SIGTERM');
      await gone;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A loopback port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => setTimeout(() => resolve(false), 25));
    });
    if (open) return;
  }
  throw new Error(`sshd does not answer on port ${port}`);
}

/** A TCP relay to a port that breaks every connection once `bytes` went to the server; the cut can be lifted. */
export async function cuttingRelay(
  to: number,
  bytes: number,
): Promise<{ port: number; lift(): void; close(): Promise<void> }> {
  let limit = bytes;
  const server = createServer((client) => {
    const upstream = connect(to, '127.0.0.1');
    let passed = 0;
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    client.on('data', (chunk) => {
      passed += chunk.length;
      if (passed > limit) {
        client.resetAndDestroy();
        upstream.destroy();
      } else if (!upstream.write(chunk)) {
        client.pause();
        upstream.once('drain', () => client.resume());
      }
    });
    upstream.pipe(client);
    for (const side of [client, upstream]) side.on('error', end).on('close', end);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    lift: () => {
      limit = Number.POSITIVE_INFINITY;
    },
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
