import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';

// Debian's own interpreter: the packages belong to it, whatever `python3` in the PATH is.
const PYTHON = '/usr/bin/python3';

/** Undefined when Debian's Python can import these modules, else why tests with it are skipped. */
export function missingModules(modules: readonly string[], debianPackages: string): string | undefined {
  const found = spawnSync(PYTHON, ['-c', `import ${modules.join(', ')}`], { timeout: 20_000 });
  return found.status === 0 ? undefined : `skipped: ${debianPackages} not installed`;
}

/** A folder for this test file, removed by `remove`. */
export function temporaryFolder(): {
  readonly file: (name: string, text: string) => string;
  readonly path: string;
  readonly remove: () => void;
} {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'winrm-peer-'));
  return {
    path: folder,
    file: (name, text) => {
      const full = path.join(folder, name);
      writeFileSync(full, text, { mode: 0o600 });
      return full;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** OpenSSL configuration that loads MD4, which the Python clients need. */
export const LEGACY_OPENSSL =
  'openssl_conf = init\n[init]\nproviders = providers\n[providers]\ndefault = on\nlegacy = on\n' +
  '[on]\nactivate = 1\n';

function script(name: string): string {
  return path.join(import.meta.dirname, name);
}

/** Runs a script with one JSON order and gives its one JSON answer. */
export async function runPython(name: string, order: unknown, env: Readonly<Record<string, string>>): Promise<unknown> {
  const child = spawn(PYTHON, [script(name)], {
    env: { PATH: '/usr/bin:/bin', NO_PROXY: '*', ...env },
    timeout: 40_000,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString('utf8')));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString('utf8')));
  child.stdin.end(JSON.stringify(order));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`${name} ended with ${String(code)}: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout);
}

/** A script that answers one line of JSON with one line of JSON. */
export class PythonPeer {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor(name: string, env: Readonly<Record<string, string>>) {
    this.#child = spawn(PYTHON, [script(name)], { env: { PATH: '/usr/bin:/bin', ...env }, timeout: 40_000 });
    this.#lines = readline.createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async ask(order: unknown): Promise<Readonly<Record<string, unknown>>> {
    this.#child.stdin.write(`${JSON.stringify(order)}\n`);
    const line = await this.#lines.next();
    if (line.done) throw new Error('The peer ended.');
    return JSON.parse(line.value) as Readonly<Record<string, unknown>>;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#child.once('close', () => resolve());
      this.#child.stdin.end();
      this.#child.kill();
    });
  }
}
