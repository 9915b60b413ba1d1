import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { clientOf } from '../../electron/cli/call';
import { openLocalEngine } from '#engine/host/local-engine';
import { createClient } from '#shared/contract/client';
import { socketPort } from '#web-host/socket-port';
import { median, since, type BenchLine } from './tools/bench-line';

const root = join(import.meta.dirname, '..', '..');
const host = join(root, 'out', 'web-host', 'serve.mjs');
const servers = 500;
const appliances = 20;
const rounds = 9;
const boundMs = 700;

/** From the start of the engine's process until it has answered a call over its way in, with 500 servers to know. */
async function coldStart(): Promise<BenchLine[]> {
  execFileSync(process.execPath, [join(root, 'build', 'build.mjs'), '--if-stale'], { stdio: ['ignore', 2, 2] });
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-bench-cold-'));
  try {
    await fill(folder);
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const started = process.hrtime.bigint();
      execFileSync(process.execPath, ['-e', '0']);
      const peer = since(started);
      const own = await untilAnswered(folder);
      // The first round only warms the file cache.
      if (round === 0) continue;
      theirs.push(peer);
      ours.push(own);
    }
    const [value, peerValue] = [median(ours), median(theirs)];
    const name = `cold start of the engine, ${servers} servers and ${appliances} appliances`;
    const ratio = value / peerValue;
    return [{ name, value, unit: 'ms', peer: 'node -e 0', peerValue, ratio, bound: '< 700 ms', held: value < boundMs }];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fill(folder: string): Promise<void> {
  const engine = await openLocalEngine({ dataFolder: folder });
  const client = clientOf(engine);
  const rows = [
    'kind,name,site,host,port,transport,username,domain,tags',
    ...Array.from({ length: appliances }, (_, i) => `appliance,lb-${i},Site ${i >> 1},10.0.${i}.1,22,,root,,`),
    ...Array.from(
      { length: servers },
      (_, i) => `windows,APP${i},Site ${i % 10},10.1.${i >> 8}.${i & 255},5986,https,svc-evenkeel,DOMAIN,`,
    ),
  ];
  const csv = rows.join('\n');
  const preview = await client.call('inventory.previewImport', { csv });
  const lines = preview.filter((row) => row.verdict === 'ok').map((row) => row.line);
  const { added } = await client.call('inventory.import', { csv, lines });
  if (added !== servers + appliances) throw new Error(`Only ${added} units were added`);
  client.close();
  await engine.close();
}

async function untilAnswered(folder: string): Promise<number> {
  // No passphrase: the desktop has none, and to make a key of one is slow on purpose.
  const env = { ...process.env, EVENKEEL_PASSPHRASE: '', NODE_NO_WARNINGS: '1' };
  const started = process.hrtime.bigint();
  const child = spawn(process.execPath, [host, '--data', folder], { stdio: ['ignore', 'pipe', 'inherit'], env });
  try {
    const socket = await knock(await addressOf(child));
    const client = createClient(socketPort(socket));
    const status = await client.call('system.status', {});
    const took = since(started);
    if (status.version === '') throw new Error('no answer');
    client.close();
    return took;
  } finally {
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
}

async function addressOf(child: ChildProcess): Promise<URL> {
  if (child.stdout === null) throw new Error('no output');
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('Evenkeel: ')) return new URL(line.slice('Evenkeel: '.length));
  }
  throw new Error('The engine ended before it told its address');
}

async function knock(url: URL): Promise<WebSocket> {
  const socket = new WebSocket(`ws://${url.host}/ws`, { origin: url.origin });
  await once(socket, 'open');
  socket.send(JSON.stringify({ t: 'hello', token: url.hash.replace('#token=', '') }));
  await once(socket, 'message');
  return socket;
}

export default { name: 'cold-start', run: coldStart };
