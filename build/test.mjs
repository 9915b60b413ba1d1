// Runs every test: vitest, then Playwright. The last line counts over both runners: `N passed, N failed, N skipped`.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, runTool, run } from './tool.mjs';

const results = join(root, 'test-results');
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
const only = process.argv.slice(2);

const built = await run(process.execPath, ['build/build.mjs']);
const counts = { passed: 0, failed: 0, skipped: 0 };
let broken = built.code !== 0;

if (!broken) {
  const vitestReport = join(results, 'vitest.json');
  const vitest = await runTool('vitest', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${vitestReport}`,
    ...only,
  ]);
  add(
    readReport(vitestReport, (r) => ({
      passed: r.numPassedTests,
      failed: r.numFailedTests,
      skipped: r.numPendingTests + r.numTodoTests,
    })),
    vitest.code,
  );
  if (only.length === 0) {
    const playwrightReport = join(results, 'playwright.json');
    const playwright = await runTool('@playwright/test', ['test', '--config=test/e2e/playwright.config.ts'], {
      command: 'playwright',
      env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: playwrightReport },
    });
    add(
      readReport(playwrightReport, (r) => ({
        passed: r.stats.expected,
        failed: r.stats.unexpected + r.stats.flaky,
        skipped: r.stats.skipped,
      })),
      playwright.code,
    );
  }
}
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
process.exit(broken || counts.failed > 0 || counts.passed === 0 ? 1 : 0);

function readReport(file, read) {
  try {
    return read(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    process.stdout.write(`The report could not be read: ${error.message}\n`);
    return null;
  }
}

/** A runner that failed without a failed test (a crash, a broken file) counts as one failure. */
function add(report, code) {
  const seen = report ?? { passed: 0, failed: 0, skipped: 0 };
  counts.passed += seen.passed;
  counts.skipped += seen.skipped;
  counts.failed += seen.failed;
  if (code !== 0 || report === null) {
    broken = true;
    if (seen.failed === 0) counts.failed += 1;
  }
}
