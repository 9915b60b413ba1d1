// Everything that is checked without running the product: formatting, types of every layer, lint, and the installers.
import { runTool, run } from './tool.mjs';

const layers = [
  'shared',
  'electron/engine',
  'electron/web-host',
  'electron/cli',
  'electron/main',
  'electron/preload',
  'test',
];
const checks = [
  ['formatting', () => runTool('prettier', ['--check', '--log-level', 'warn', '.'])],
  ...layers.map((layer) => [`types of ${layer}`, () => runTool('typescript', ['-p', layer], { command: 'tsc' })]),
  ['types of renderer', () => runTool('svelte-check', ['--tsconfig', 'renderer/tsconfig.json', '--fail-on-warnings'])],
  ['lint', () => runTool('eslint', ['--max-warnings', '0', '.'])],
  ['installers', () => run(process.execPath, ['build/dist-check.mjs'])],
];

const only = process.argv.slice(2);
let failed = 0;
for (const [name, check] of checks) {
  if (only.length > 0 && !only.some((word) => name.includes(word))) continue;
  const started = Date.now();
  const { code } = await check();
  process.stdout.write(`${code === 0 ? 'ok' : 'FAILED'}: ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`);
  if (code !== 0) failed += 1;
}
process.exit(failed === 0 ? 0 : 1);
