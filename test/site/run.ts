/**
 * The network lab: `npm run lab`. Prints a verdict table, or with `--json` one object a line; exit status 1 if a case
 * does not hold. `--keep` leaves the lab open afterwards until it is interrupted.
 */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { labCases, type LabCase, type Seen } from './cases/index';
import { Lab } from './lab/lab';
import { namespaceOf } from './lab/names';
import { noLab } from './lab/needs';
import { Product } from './product/product';
import { withDeadline } from './product/deadline';

const caseDeadlineMs = 150_000;

interface Verdict extends Seen {
  readonly case: string;
  readonly expected: string;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { json: { type: 'boolean', default: false }, keep: { type: 'boolean', default: false } },
  });
  const reason = noLab();
  if (reason !== null) {
    process.stderr.write(`The network lab cannot run here: ${reason}.\n`);
    return 1;
  }
  const started = Date.now();
  const lab = await Lab.open();
  // An interrupt closes the lab in good order; anything harder is the watcher's work.
  const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM'), orphaned()]);
  try {
    const held = await Promise.race([runCases(lab, values.json), interrupted.then(() => false)]);
    if (!values.json) process.stdout.write(`${held ? 'Every case held' : 'Not every case held'}, ${since(started)}.\n`);
    if (values.keep) {
      process.stderr.write(`The lab stays: ip netns exec ${namespaceOf('client')} … (interrupt to close it)\n`);
      await interrupted;
    }
    return held ? 0 : 1;
  } finally {
    await lab.close();
  }
}

/** Resolves when the process that started this one is gone: nobody is left to interrupt it. */
function orphaned(): Promise<void> {
  const parent = process.ppid;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(timer);
      resolve();
    }, 500);
    timer.unref();
  });
}

async function runCases(lab: Lab, json: boolean): Promise<boolean> {
  const product = await Product.open(lab);
  let held = true;
  for (const item of labCases) {
    const began = Date.now();
    const verdict = await judge(item, { lab, product });
    held &&= verdict.held;
    const line = json ? JSON.stringify(verdict) : tableRow(verdict, since(began));
    process.stdout.write(`${line}\n`);
  }
  await product.close();
  return held;
}

async function judge(item: LabCase, bench: Parameters<LabCase['run']>[0]): Promise<Verdict> {
  const { name, expected } = item;
  try {
    const { seen, held } = await withDeadline(item.run(bench), caseDeadlineMs, `the case "${name}" ends`);
    return { case: name, expected, seen, held };
  } catch (error) {
    return { case: name, expected, seen: error instanceof Error ? error.message : String(error), held: false };
  }
}

function tableRow({ case: name, expected, seen, held }: Verdict, time: string): string {
  const first = `${held ? 'held    ' : 'NOT HELD'}  ${name.padEnd(52)} ${time.padStart(7)}`;
  return `${first}\n            ${held ? seen : `expected: ${expected}\n            seen:     ${seen}`}`;
}

function since(began: number): string {
  return `${((Date.now() - began) / 1000).toFixed(1)} s`;
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
