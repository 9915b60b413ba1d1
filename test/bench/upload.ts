import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'vite';
import { z } from 'zod';
import { noOpenSsh, OpenSsh } from '../protocol/appliance/openssh';

const run = promisify(execFile);
const bytes = 500_000_000;
const rounds = 7;
const memoryBound = 200 * 1024 * 1024;
const childResult = z.object({ seconds: z.number(), maxRssBytes: z.number(), sha256: z.string() });
type ChildResult = z.infer<typeof childResult>;

interface BenchLine {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly peer: string | null;
  readonly peerValue: number | null;
  readonly ratio: number | null;
  readonly bound: string;
  readonly held: boolean;
}

/** 500 MB over SSH to OpenSSH on loopback: the driver with SHA-256 in the same pass beside `scp`, in turns. */
async function uploads(): Promise<BenchLine[]> {
  if (noOpenSsh !== null) throw new Error(noOpenSsh);
  const server = await OpenSsh.start();
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-bench-upload-'));
  try {
    const source = join(folder, 'source');
    const sha256 = await writeRandom(source);
    const child = await bundleChild();
    const ours: ChildResult[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const scpTurn = async (): Promise<unknown> => theirs.push(await scp(server, source, join(folder, 'by-scp')));
      const ourTurn = async (): Promise<unknown> =>
        ours.push(await upload(server, child, folder, source, join(folder, 'by-driver')));
      for (const turn of round % 2 === 0 ? [scpTurn, ourTurn] : [ourTurn, scpTurn]) await turn();
      if (ours.at(-1)?.sha256 !== sha256) throw new Error('the SHA-256 of the same pass is wrong');
      if ((await digest(join(folder, 'by-driver'))) !== sha256) throw new Error('what arrived differs');
    }
    const [value, peerValue] = [rate(median(ours.map(({ seconds }) => seconds))), rate(median(theirs))];
    // Of each round's own pair, so that other work on this computer touches both sides alike.
    const ratio = median(ours.map(({ seconds }, round) => (theirs[round] ?? 0) / seconds));
    const memory = Math.max(...ours.map(({ maxRssBytes }) => maxRssBytes));
    const name = 'upload of 500 MB over SSH, SHA-256 in the same pass';
    return [
      { name, value, unit: 'MiB/s', peer: 'scp', peerValue, ratio, bound: '>= 1.0 x scp', held: ratio >= 1 },
      {
        ...{ name: `${name}: resident memory`, value: memory / 1024 ** 2, unit: 'MiB', bound: '< 200 MiB' },
        ...{ peer: null, peerValue: null, ratio: null, held: memory < memoryBound },
      },
    ];
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function upload(
  server: OpenSsh,
  child: string,
  folder: string,
  source: string,
  target: string,
): Promise<ChildResult> {
  const access = join(folder, 'access.json');
  const address = { host: '127.0.0.1', sshPort: server.port, webuiPort: 9443, snmpPort: null, giveUpSeconds: 8 };
  const pins = { sshHostKey: server.hostKeySha256, certificate: null };
  const unit = { id: 'bench', name: 'bench', ssh: server.login, webui: null, api: null };
  writeFileSync(access, JSON.stringify({ ...address, ...unit, pins }), { mode: 0o600 });
  const { stdout } = await run(process.execPath, [child, access, source, target]);
  return childResult.parse(JSON.parse(stdout));
}

/** Bundled as the product is, so that a TypeScript loader does not count as the upload's memory. Gives its path. */
async function bundleChild(): Promise<string> {
  const outDir = fileURLToPath(new URL('../../node_modules/.cache/evenkeel-bench', import.meta.url));
  const ssr = fileURLToPath(new URL('./children/upload-child.ts', import.meta.url));
  const output = { entryFileNames: 'upload-child.mjs' };
  await build({ configFile: false, logLevel: 'error', build: { ssr, outDir, rolldownOptions: { output } } });
  return join(outDir, 'upload-child.mjs');
}

async function scp(server: OpenSsh, source: string, target: string): Promise<number> {
  const options = ['-q', '-P', String(server.port), '-i', join(server.folder, 'user'), '-F', '/dev/null'];
  const trust = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR'];
  const started = process.hrtime.bigint();
  await run('scp', [...options, ...trust, source, `${server.login.username}@127.0.0.1:${target}`]);
  return Number(process.hrtime.bigint() - started) / 1e9;
}

/** Gives the SHA-256 of what it wrote. */
async function writeRandom(path: string): Promise<string> {
  const file = await open(path, 'w');
  const hash = createHash('sha256');
  for (let left = bytes; left > 0;) {
    const chunk = randomBytes(Math.min(left, 8_000_000));
    hash.update(chunk);
    await file.write(chunk);
    left -= chunk.length;
  }
  await file.close();
  return hash.digest('hex');
}

async function digest(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

const rate = (seconds: number): number => bytes / 1024 ** 2 / seconds;
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

export default { name: 'upload', run: uploads };
