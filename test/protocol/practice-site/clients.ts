import { execFile, execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Is a program there? Tests that need one say so in their title and are skipped without it. */
export function has(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a client to its end; after 30 s it is ended. */
export function run(
  program: string,
  args: readonly string[],
  more: { readonly stdin?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(
      program,
      args,
      { timeout: 30_000, env: { ...process.env, ...more.env }, maxBuffer: 16 * 1024 * 1024 },
      (error, out, err) => {
        const status = error ? (typeof error.code === 'number' ? error.code : -1) : 0;
        resolve({ status, out, err });
      },
    );
    // A client that ends before it has read its input is no failure of the test.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(more.stdin ?? '');
  });
}

export interface SshTarget {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

/** OpenSSH's own clients against one unit, with its password given by SSH_ASKPASS. */
export class OpenSsh {
  private constructor(
    private readonly target: SshTarget,
    readonly folder: string,
  ) {}

  static async open(target: SshTarget): Promise<OpenSsh> {
    const folder = await mkdtemp(join(tmpdir(), 'evenkeel-openssh-'));
    await writeFile(join(folder, 'askpass'), '#!/bin/sh\nprintf "%s\\n" "$EVENKEEL_TEST_PASSWORD"\n');
    await chmod(join(folder, 'askpass'), 0o700);
    return new OpenSsh(target, folder);
  }

  ssh(command: string, stdin = ''): Promise<Ran> {
    const { username, host, port } = this.target;
    return this.client('ssh', ['-p', String(port), `${username}@${host}`, command], stdin);
  }

  sftp(batch: string): Promise<Ran> {
    const { username, host, port } = this.target;
    return this.client('sftp', ['-P', String(port), `${username}@${host}`], batch);
  }

  scp(from: string, to: string): Promise<Ran> {
    const { username, host, port } = this.target;
    return this.client('scp', ['-P', String(port), from, `${username}@${host}:${to}`]);
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private client(program: string, args: readonly string[], stdin = ''): Promise<Ran> {
    const known = ['StrictHostKeyChecking=accept-new', `UserKnownHostsFile=${join(this.folder, 'known_hosts')}`];
    const options = [...known, 'ConnectTimeout=10', 'NumberOfPasswordPrompts=1'].flatMap((item) => ['-o', item]);
    return run(program, [...options, ...args], {
      stdin,
      env: {
        SSH_ASKPASS: join(this.folder, 'askpass'),
        SSH_ASKPASS_REQUIRE: 'force',
        DISPLAY: '',
        EVENKEEL_TEST_PASSWORD: this.target.password,
      },
    });
  }
}
