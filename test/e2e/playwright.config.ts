import { defineConfig } from '@playwright/test';
import { chromiumPath } from './harness/chromium';
import type { HostOptions } from './support/hosts';

/** What is tested over every host. The other files bring a host or a page of their own. */
const everyHost = ['**/rehearsal.spec.ts', '**/first-start.spec.ts'];

/** The same page objects over several hosts of the same window and engine; each test gets a host of its own. */
export default defineConfig<HostOptions>({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../../test-results/e2e',
  timeout: 120_000,
  expect: { timeout: 20_000 },
  fullyParallel: false,
  workers: 1,
  forbidOnly: process.env['CI'] !== undefined,
  reporter: [['list'], ['json', { outputFile: '../../test-results/playwright.json' }]],
  use: {
    viewport: { width: 1440, height: 900 },
    timezoneId: 'Europe/London',
    locale: 'en-GB',
    launchOptions: {
      executablePath: chromiumPath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'web-host', use: { host: 'web-host' }, testIgnore: '**/shell*.spec.ts' },
    // The built main, preload, engine and window with a module of the tests in place of `electron`.
    { name: 'stand-in', use: { host: 'stand-in' }, testMatch: ['**/shell*.spec.ts', ...everyHost] },
    { name: 'electron', use: { host: 'electron' }, testMatch: everyHost },
  ],
});
