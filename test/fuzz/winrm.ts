// npm run fuzz [-- --cases 200000 --seed 1 --case 17]
// Replies of a hostile host through the real client. Prints the seed; a failing case is run again with --seed and --case.
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { fuzzCase } from './winrm/case';
import { fuzzMany } from './winrm/many';

const STUCK_SECONDS = 60;
const MOST_GROWTH = 8 * 1024 * 1024;

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '200000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    case: { type: 'string' },
  },
});
const seed = Number(values.seed);

/**
 * A case that never gives the processor back stops every timer of this thread, so another one watches: it ends the
 * process and names the case.
 */
function watch(progress: Int32Array): Worker {
  const source = `
    const { workerData } = require('node:worker_threads');
    let last = -1;
    setInterval(() => {
      const now = Atomics.load(workerData.progress, 0);
      if (now === last) {
        require('node:fs').writeSync(2, 'Stuck near case ' + now + ' of seed ' + workerData.seed + '\\n');
        process.kill(process.pid, 'SIGKILL');
      }
      last = now;
    }, ${String(STUCK_SECONDS * 1000)});`;
  const worker = new Worker(source, { eval: true, workerData: { progress, seed } });
  worker.unref();
  return worker;
}

if (values.case === undefined) {
  const cases = Number(values.cases);
  const progress = new Int32Array(new SharedArrayBuffer(4));
  const watcher = watch(progress);
  const started = performance.now();
  process.stdout.write(`WinRM replies: ${String(cases)} cases, seed ${String(seed)}\n`);
  const report = await fuzzMany(seed, cases, {
    onCase: (index) => {
      Atomics.store(progress, 0, index);
      if (index > 0 && index % 20_000 === 0) process.stdout.write(`  ${String(index)}\n`);
    },
  });
  await watcher.terminate();
  for (const { index, error } of report.failures) {
    process.stdout.write(`Failed: --seed ${String(seed)} --case ${String(index)}\n`);
    process.stdout.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  }
  const growth = report.heapLate - report.heapEarly;
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  process.stdout.write(
    `${String(report.cases)} cases in ${seconds} s, ${String(report.failures.length)} failures, memory ${(report.heapEarly / 1e6).toFixed(1)} MB after a fifth, ${(report.heapLate / 1e6).toFixed(1)} MB at the end\n`,
  );
  if (report.failures.length > 0 || growth > MOST_GROWTH) process.exitCode = 1;
} else {
  await fuzzCase(seed, Number(values.case));
  process.stdout.write('It holds.\n');
}
