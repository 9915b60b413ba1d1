import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from '@playwright/test';
import { build } from 'vite';
import { launchChromium } from './harness/chromium';
import { serveFolder } from './harness/serve';

/**
 * Writes a picture of every view in both themes and in each of its five states, over the fake engine that shows the
 * estate of the design: `npm run pictures [-- name…] [-- --size 1280x800]`. They are looked at, not compared by a test.
 */
const views = {
  overview: 'overview',
  'overview-selected': 'servers/server%3AICA_WEB2',
  'overview-table': 'overview?show=table',
  inventory: 'inventory',
  'inventory-add': 'inventory/add-appliance',
  'inventory-import': 'inventory/import',
  'direct-routing': 'direct-routing',
  'direct-routing-plan': 'direct-routing/windows%3AICA-APP02',
  'direct-routing-200': 'direct-routing',
  'direct-routing-200-plan': 'direct-routing',
  'direct-routing-200-lanes': 'direct-routing',
  updates: 'updates',
  jobs: 'jobs',
  job: 'jobs/job%3A412',
  'job-200': 'jobs/job%3A420',
  records: 'records',
  settings: 'settings',
} as const;
const states = ['normal', 'empty', 'loading', 'stale', 'error'] as const;
const themes = ['light', 'dark'] as const;
const moment = new Date(Date.UTC(2026, 10, 22, 2, 47, 16));

const folder = fileURLToPath(new URL('../../pictures-out', import.meta.url));
const words = process.argv.slice(2);
const sizeAt = words.indexOf('--size');
const [width = 1440, height = 900] = sizeAt < 0 ? [] : (words[sizeAt + 1] ?? '').split('x').map(Number);
const wanted = words.filter((word, index) => !word.startsWith('--') && (sizeAt < 0 || index !== sizeAt + 1));

type ViewName = keyof typeof views;

/** Views of an estate of 200 servers. They and a plan are shown normal and stale; the others in each state. */
const large: readonly ViewName[] = [
  'direct-routing-200',
  'direct-routing-200-plan',
  'direct-routing-200-lanes',
  'job-200',
];
const statesOf = (view: ViewName): typeof states | readonly ['normal', 'stale'] =>
  large.includes(view) || view === 'direct-routing-plan' ? (['normal', 'stale'] as const) : states;

/** What a person does before the picture. */
const before: { readonly [N in ViewName]?: (page: Page) => Promise<void> } = {
  'direct-routing-200-plan': planAll,
  'direct-routing-200-lanes': async (page) => {
    await planAll(page);
    await page.getByRole('button', { name: /^Apply to/ }).click();
    await page.getByRole('textbox', { name: 'Reason' }).fill('Loopback adapters lost after the image was rolled out');
    await page
      .getByRole('form')
      .getByRole('button', { name: /^Apply to/ })
      .click();
    await page
      .getByRole('button', { name: /Install.*restores/ })
      .first()
      .click();
  },
};

async function planAll(page: Page): Promise<void> {
  await page.getByRole('rowheader').first().focus();
  await page.keyboard.press('Control+a');
  await page.getByRole('button', { name: /^Draw up the plan/ }).click();
}

async function take(
  browser: Browser,
  url: string,
  view: ViewName,
  state: (typeof states)[number],
  theme: string,
): Promise<void> {
  const page = await browser.newPage({ viewport: { width, height }, timezoneId: 'Europe/London', locale: 'en-GB' });
  try {
    await page.clock.setFixedTime(moment);
    const usual = large.includes(view) ? 'servers-200' : 'normal';
    const shown = state === 'stale' || state === 'normal' ? usual : state;
    await page.goto(`${url}/index.html?picture=${shown}&theme=${theme}#/${views[view]}`);
    await settled(page);
    if (shown === usual) await before[view]?.(page).then(() => settled(page));
    if (state === 'stale') {
      await page.evaluate('window.harness.stop()');
      await settled(page);
    }
    await page.screenshot({ path: join(folder, `${view}-${state}-${theme}.png`) });
  } finally {
    await page.close();
  }
}

/** Fonts are there and two frames have been drawn; skeletons show after 300 ms. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 500)));
}

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
await build({ configFile: fileURLToPath(new URL('harness/vite.config.ts', import.meta.url)), logLevel: 'warn' });
const served = await serveFolder(fileURLToPath(new URL('../../.cache/harness', import.meta.url)));
const browser = await launchChromium();
let count = 0;
try {
  for (const view of Object.keys(views) as ViewName[]) {
    if (wanted.length > 0 && !wanted.includes(view)) continue;
    for (const state of statesOf(view)) {
      for (const theme of themes) {
        await take(browser, served.url, view, state, theme);
        count += 1;
      }
    }
  }
} finally {
  await browser.close();
  await served.close();
}
process.stdout.write(`${count} pictures in pictures-out/\n`);
