/**
 * The whole engine with the practice site and a window that watches it. Polls 2,000 times and prints
 * `{"samples":[{"polls","heapUsed"}]}`: the heap after collection, in bytes. Needs `--expose-gc`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalEngine } from '#engine/host/local-engine';
import { clientOf } from '../../../electron/cli/call';

const polls = 2_000;
const sampleEvery = 50;
const collect = global.gc;
if (collect === undefined) throw new Error('Start it with --expose-gc');
const dataFolder = await mkdtemp(join(tmpdir(), 'evenkeel-bench-memory-'));
const engine = await openLocalEngine({ dataFolder, passphrase: 'a passphrase of the bench' });
const client = clientOf(engine);
await client.call('practice.open', { scenario: 'guide', speed: 10 });
const quiet = { snapshot: () => undefined, change: () => undefined, ended: () => undefined };
client.watch('overview.live', {}, quiet);
client.watch('directRouting.live', {}, quiet);
client.watch('inventory.live', {}, quiet);
const units = (await client.call('inventory.list', {})).filter((item) => item.kind === 'appliance').map(({ id }) => id);
const samples: { polls: number; heapUsed: number }[] = [];
for (let done = 0; done < polls;) {
  const { read, failed } = await client.call('overview.read', { unitIds: units });
  if (failed.length > 0 || read === 0) throw new Error(`A poll failed: ${JSON.stringify(failed)}`);
  done += units.length;
  if (done % sampleEvery !== 0) continue;
  await collect({ type: 'major', execution: 'async' });
  samples.push({ polls: done, heapUsed: process.memoryUsage().heapUsed });
}
client.close();
await engine.close();
await rm(dataFolder, { recursive: true, force: true });
console.log(JSON.stringify({ samples }));
process.exit(0);
