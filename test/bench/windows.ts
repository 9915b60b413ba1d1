import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import readline from 'node:readline';
import { promisify } from 'node:util';
import { z } from 'zod';
import { createServerGate, createWindowsServer } from '#engine/windows/index';
import { runPowerShell } from '#engine/windows/winrm/index';
import { LEGACY_OPENSSL, missingModules, temporaryFolder } from '../protocol/winrm/python-peer';
import { median, since, type BenchLine } from './tools/bench-line';

const children = join(import.meta.dirname, 'children');
const hosts = z.object({
  ports: z.array(z.number()),
  account: z.object({ username: z.string(), password: z.string(), domain: z.string() }),
});
type Hosts = z.infer<typeof hosts>;

const script = 'bench';
const characters = 2048;
const rounds = 3;
const wide = 8;
const signal = new AbortController().signal;

/** One script on 50 practice servers, held against pywinrm; the matrix's reading of 50 servers; 100 MB of output. */
async function windows(): Promise<BenchLine[]> {
  const missing = missingModules(['winrm', 'requests_ntlm'], 'python3-winrm, python3-requests-ntlm');
  if (missing !== undefined) throw new Error(missing);
  const child = spawn(process.execPath, ['--import', 'tsx', join(children, 'windows-hosts.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const first = await readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
    if (first.done === true) throw new Error('The practice servers did not start.');
    const found = hosts.parse(JSON.parse(first.value));
    return [...(await scripts(found)), await matrix(found), await memory(found)];
  } finally {
    child.stdin.end();
    await once(child, 'exit');
  }
}

/** Every side runs the script on every server, in turn with the others, so that what else the machine does meets all. */
async function scripts(found: Hosts): Promise<BenchLine[]> {
  const folder = temporaryFolder();
  const openssl = folder.file('openssl.cnf', LEGACY_OPENSSL);
  try {
    await everywhere(found, wide);
    const [eight, one, theirs]: number[][] = [[], [], []];
    for (let round = 0; round < rounds; round++) {
      theirs?.push(await pywinrm(found, openssl));
      eight?.push(await everywhere(found, wide));
      one?.push(await everywhere(found, 1));
    }
    const peerValue = median(theirs ?? []);
    const line = (name: string, values: readonly number[], least: number): BenchLine => {
      const value = median(values);
      const ratio = peerValue / value;
      const what = `one script of 3 ms on ${String(found.ports.length)} Windows servers, ${name}`;
      return {
        name: what,
        value,
        unit: 'ms',
        peer: 'pywinrm, ms',
        peerValue,
        ratio,
        bound: `>= ${String(least)} x pywinrm`,
        held: ratio >= least,
      };
    };
    return [line('8 at a time', eight ?? [], 3), line('1 at a time', one ?? [], 1.2)];
  } finally {
    folder.remove();
  }
}

/** Milliseconds for a login, a shell, the script and their end on every server. */
async function everywhere({ ports, account }: Hosts, width: number): Promise<number> {
  const left = [...ports];
  const started = process.hrtime.bigint();
  const lane = async (): Promise<void> => {
    for (let port = left.pop(); port !== undefined; port = left.pop()) {
      const target = { host: '127.0.0.1', port, scheme: 'http', auth: { kind: 'ntlm', ...account } } as const;
      const { stdout, exitCode } = await runPowerShell(target, script, { signal, deadlineMs: 60_000 });
      if (exitCode !== 0 || stdout.length !== characters) throw new Error('wrong answer');
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  return since(started);
}

async function pywinrm({ ports, account }: Hosts, openssl: string): Promise<number> {
  const child = execFile('/usr/bin/python3', [join(children, 'windows-pywinrm.py')], {
    env: { PATH: '/usr/bin:/bin', NO_PROXY: '*', OPENSSL_CONF: openssl },
  });
  const order = { ports, username: account.username, password: account.password, script, characters };
  child.stdin?.end(JSON.stringify(order));
  let stdout = '';
  child.stdout?.on('data', (data: string) => (stdout += data));
  await once(child, 'close');
  if (child.exitCode !== 0) throw new Error(`pywinrm ended with ${String(child.exitCode)}`);
  return z.object({ milliseconds: z.number() }).parse(JSON.parse(stdout)).milliseconds;
}

/** As the matrix does: through the product's own server, all at once at its gate, first with the login, then without. */
async function matrix({ ports, account }: Hosts): Promise<BenchLine> {
  const gate = createServerGate(wide);
  const servers = ports.map((port, n) =>
    createWindowsServer(
      {
        ...{ id: `s${String(n)}`, name: `rs${String(n)}`, host: '127.0.0.1', port, transport: 'http' },
        ...{ login: { kind: 'ntlm', ...account }, pins: { certificate: null } },
      },
      { gate, now: Date.now },
    ),
  );
  try {
    const started = process.hrtime.bigint();
    await Promise.all(servers.map((server) => server.readState(signal)));
    const value = since(started);
    const again = process.hrtime.bigint();
    await Promise.all(servers.map((server) => server.readState(signal)));
    const peerValue = since(again);
    const name = `reading ${String(ports.length)} Windows servers for the matrix`;
    return {
      name,
      value,
      unit: 'ms',
      peer: 'once more, logged in, ms',
      peerValue,
      ratio: value / peerValue,
      bound: '< 3,000 ms',
      held: value < 3_000,
    };
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
}

async function memory({ ports, account }: Hosts): Promise<BenchLine> {
  const order = JSON.stringify({ port: ports[0], username: account.username, password: account.password });
  const args = ['--import', 'tsx', join(children, 'windows-memory-child.ts'), order];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const result = z.object({ idle: z.number(), most: z.number(), characters: z.number(), seconds: z.number() });
  const seen = result.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
  if (seen.characters !== 100 * 1024 * 1024) throw new Error('not all of the output came');
  const value = (seen.most - seen.idle) / 1024 ** 2;
  const peerValue = seen.idle / 1024 ** 2;
  const name = `memory of 100 MB of output above idle after 5 MB (${seen.seconds.toFixed(1)} s)`;
  return {
    name,
    value,
    unit: 'MiB',
    peer: 'idle, MiB',
    peerValue,
    ratio: value / peerValue,
    bound: '< 60 MiB',
    held: value < 60,
  };
}

export default { name: 'windows', run: windows };
