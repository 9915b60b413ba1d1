import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { median, type BenchLine } from './tools/bench-line';

const child = join(import.meta.dirname, 'children', 'memory-child.ts');
const result = z.object({ samples: z.array(z.object({ polls: z.number(), heapUsed: z.number() })) });
const boundMiB = 2;

/** The whole engine with the practice site and a watching window: its heap after 500 polls and after 2,000. */
async function memory(): Promise<BenchLine[]> {
  const args = ['--expose-gc', '--import', 'tsx', child];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 16 * 1024 * 1024 });
  const { samples } = result.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
  const between = (from: number, to: number): number =>
    median(samples.filter(({ polls }) => polls >= from && polls <= to).map(({ heapUsed }) => heapUsed)) / 1024 ** 2;
  const [at500, at2000] = [between(400, 600), between(1_900, 2_000)];
  return [
    {
      ...{ name: 'engine memory, growth of the heap from 500 to 2,000 polls', value: at2000 - at500, unit: 'MiB' },
      ...{ peer: 'heap at 500 polls, MiB', peerValue: at500, ratio: at2000 / at500 },
      ...{ bound: `< ${boundMiB} MiB`, held: at2000 - at500 < boundMiB },
    },
  ];
}

export default { name: 'memory', run: memory };
