import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { build } from 'vite';
import { serveFolder, type Served } from './harness/serve';
import { hasChromium } from './harness/chromium';

test.skip(!hasChromium, 'there is no Chromium at /usr/bin/chromium');
const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
let served: Served;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  await build({ configFile: path('./harness/vite.config.ts'), logLevel: 'error' });
  served = await serveFolder(path('../../.cache/harness'));
});
test.afterAll(() => served.close());

async function open(page: Page, picture: string, theme = 'light', hash = ''): Promise<void> {
  await page.clock.setFixedTime(Date.UTC(2026, 10, 22, 2, 47, 16));
  await page.goto(`${served.url}/index.html?picture=${picture}&theme=${theme}${hash}`);
}

test('the counts are those of the estate, and filter the table', async ({ page }) => {
  await open(page, 'normal', 'light', '#/overview?show=table');
  await expect(page.getByRole('row', { name: /ICA_WEB1/ })).toBeVisible();
  await page.getByRole('button', { name: '1 failed' }).click();
  await expect(page.getByRole('row', { name: /VNA_DICOM2/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /ICA_WEB1/ })).toHaveCount(0);
});

test('the map is walked with the arrow keys, and the inspector follows', async ({ page }) => {
  await open(page, 'normal');
  await page.getByRole('application', { name: 'Map' }).focus();
  for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowDown'])
    await page.keyboard.press(key);
  const inspector = page.getByRole('complementary', { name: 'Selected real server' });
  await expect(inspector.getByRole('heading', { name: 'ICA_WEB2' })).toBeVisible();
  await expect(inspector).toContainText('does not hold 192.168.100.100');
  await expect(inspector.getByRole('button', { name: 'Plan the Direct Routing fix on ICA-APP02' })).toBeVisible();
  expect(page.url()).toContain('#/servers/server%3AICA_WEB2');
});

test('an action that a job forbids stays visible with its reason', async ({ page }) => {
  await open(page, 'normal', 'light', '#/servers/server%3AVNA_DICOM2');
  const drain = page.getByRole('button', { name: 'Drain VNA_DICOM2' });
  await expect(drain).toHaveAttribute('aria-disabled', 'true');
  await expect(page.getByText('Not now: job 413 holds lb-annex until it ends.')).toBeVisible();
});

test('a click on a strip selects it, the address says so, and Escape lets it go', async ({ page }) => {
  await open(page, 'normal');
  await page
    .getByRole('application', { name: 'Map' })
    .locator('canvas')
    .click({ position: { x: 700, y: 60 } });
  await expect(page).toHaveURL(/#\/servers\/server%3AICA_WEB1$/);
  await page.keyboard.press('Escape');
  await page.getByRole('application', { name: 'Map' }).focus();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/#\/overview$/);
});

test('a lost engine is said, and nothing counts as healthy any more', async ({ page }) => {
  await open(page, 'normal');
  await expect(page.getByRole('button', { name: '9 healthy' })).toBeVisible();
  await page.evaluate('harness.stop()');
  await expect(page.getByText('Engine stopped, being started again')).toBeVisible();
  await expect(page.getByRole('button', { name: '0 healthy' })).toBeVisible();
  await expect(page.getByRole('button', { name: '14 unknown' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Nothing is known while the engine is away' })).toBeVisible();
  await page.evaluate("location.hash = '#/servers/server%3AICA_WEB1'");
  await expect(page.getByRole('heading', { name: 'ICA_WEB1' })).toBeVisible();
  const inspector = page.getByRole('complementary', { name: 'Selected real server' });
  await expect(inspector.locator('header').first()).toContainText('Was healthy');
});

test('without units the first start offers three ways, each with its key', async ({ page }) => {
  await open(page, 'empty');
  await expect(page.getByRole('heading', { name: 'No appliance is known to this computer' })).toBeVisible();
  await page.keyboard.press('1');
  await expect(page.getByRole('alert')).toContainText('The practice site was not opened');
  await page.keyboard.press('2');
  await expect(page).toHaveURL(/#\/inventory\/add-appliance$/);
});

test('an error says what, where, what was left unchanged, what to do and the log id', async ({ page }) => {
  await open(page, 'error');
  const alert = page.getByRole('alert');
  for (const text of ['The database did not pass', 'this computer', 'every unit', 'Restore the copy', '7f3a-0c12']) {
    await expect(alert).toContainText(text);
  }
});

test('the palette finds a server by name and goes there', async ({ page }) => {
  await open(page, 'normal');
  await expect(page.getByRole('button', { name: '9 healthy' })).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('vna_web2');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/servers\/server%3AVNA_WEB2$/);
});

for (const theme of ['light', 'dark']) {
  for (const [picture, hash] of [
    ['normal', '#/servers/server%3AICA_WEB2'],
    ['normal', '#/servers/server%3AVNA_DICOM2?show=table'],
    ['empty', ''],
    ['error', ''],
    ['loading', ''],
  ] as const) {
    test(`axe finds nothing: ${picture} ${hash} ${theme}`, async ({ page }) => {
      await open(page, picture, theme, hash);
      await page.waitForFunction('document.querySelector("main")?.childElementCount > 0');
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(
        violations.map((item) => `${item.id}: ${item.nodes.map((node) => node.target.join(' ')).join('; ')}`),
      ).toEqual([]);
    });
  }
}
