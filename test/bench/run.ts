import { readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { z } from 'zod';
import type { BenchCase, BenchLine } from './tools/bench-line';

const caseSchema = z.object({
  name: z.string(),
  run: z.custom<BenchCase['run']>((value) => typeof value === 'function'),
});

/** The cases named, or all, in the order of their files. */
async function chosenCases(names: readonly string[]): Promise<readonly BenchCase[]> {
  const folder = import.meta.dirname;
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && name !== 'run.ts');
  const cases: BenchCase[] = [];
  for (const file of files.sort()) {
    const module = (await import(pathToFileURL(join(folder, file)).href)) as { readonly default?: unknown };
    cases.push(caseSchema.parse(module.default));
  }
  const unknown = names.filter((name) => !cases.some((item) => item.name === name));
  if (unknown.length > 0) {
    throw new Error(
      `There is no bench ${unknown.join(', ')}. There are: ${cases.map((item) => item.name).join(', ')}.`,
    );
  }
  return names.length === 0 ? cases : cases.filter((item) => names.includes(item.name));
}

const rounded = (value: number | null): string =>
  value === null ? '' : value >= 100 ? value.toFixed(0) : value.toFixed(2);

function asRow(line: BenchLine): readonly string[] {
  const peer = line.peer === null ? '' : `${line.peer} ${rounded(line.peerValue)}`;
  const value = `${rounded(line.value)} ${line.unit}`;
  return [line.name, value, peer, rounded(line.ratio), line.bound, line.held ? 'held' : 'MISSED'];
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const json = args.includes('--json');
  const lines: BenchLine[] = [];
  let failed = false;
  for (const item of await chosenCases(args.filter((arg) => !arg.startsWith('--')))) {
    if (!json) process.stderr.write(`Measuring ${item.name}\n`);
    try {
      const measured = await item.run();
      lines.push(...measured);
      if (json) for (const line of measured) process.stdout.write(`${JSON.stringify(line)}\n`);
    } catch (error) {
      // A case that cannot run is told, and the others are measured all the same.
      failed = true;
      process.stderr.write(`${item.name}: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
  const head = ['what', 'value', 'peer', 'ratio', 'bound', ''];
  if (!json) process.stdout.write(`${table([head, ...lines.map(asRow)])}\n`);
  if (failed || lines.some((line) => !line.held)) process.exitCode = 1;
}

await main();
