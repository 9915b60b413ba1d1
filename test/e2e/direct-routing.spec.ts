import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { build } from 'vite';
import { hasChromium } from './harness/chromium';
import { serveFolder, type Served } from './harness/serve';
import { Keyboard } from './pages/keyboard';

test.skip(!hasChromium, 'there is no Chromium at /usr/bin/chromium');
const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
let served: Served;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  await build({ configFile: path('./harness/vite.config.ts'), logLevel: 'error' });
  served = await serveFolder(path('../../.cache/harness'));
});
test.afterAll(() => served.close());

async function open(page: Page, address: string, picture = 'normal', theme = 'light'): Promise<void> {
  await page.clock.setFixedTime(Date.UTC(2026, 10, 22, 2, 47, 16));
  await page.goto(`${served.url}/index.html?picture=${picture}&theme=${theme}#/${address}`);
  await expect(page.locator('main h1').first()).toBeAttached();
}

async function clean(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((found) => `${found.id}: ${found.nodes[0]?.html ?? ''}`)).toEqual([]);
}

/** What the window last asked of the engine under this name. */
const asked = (page: Page, name: string): Promise<unknown> =>
  page.evaluate(`window.harness.engine.asked.findLast((call) => call.name === '${name}')?.input`);

const panelOf = (page: Page) => page.getByRole('complementary', { name: 'Plan' });

test.describe('the matrix', () => {
  test('the arrow keys walk it, Enter tells a cell, Space plans the server', async ({ page }) => {
    await open(page, 'direct-routing');
    const grid = page.getByRole('grid', { name: 'Direct Routing of lb-main' });
    await grid.getByRole('rowheader', { name: /ICA-APP01/ }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    const panel = panelOf(page);
    await expect(panel).toContainText('There is no loopback adapter.');
    await expect(panel).toContainText('The step Install adds the adapter.');
    await expect(panel).toContainText('asked by the appliance');
    await expect(panel).toContainText('2 of 6 timed out');
    await page.keyboard.press(' ');
    await expect(panel.getByRole('heading', { name: 'Plan: Direct Routing fix on ICA-APP02' })).toBeVisible();
    await expect(panel).toContainText('WeakHostReceive Enabled');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await expect(page.getByRole('grid', { name: 'Direct Routing of lb-annex' }).locator(':focus')).toHaveCount(1);
  });

  test('with 200 servers only what is near the visible part is in the page, wherever it is scrolled to', async ({
    page,
  }) => {
    await open(page, 'direct-routing', 'servers-200');
    const nodes = (): Promise<number> => page.locator('main *').count();
    await expect(page.getByRole('grid', { name: 'Direct Routing of lb-main' })).toHaveAttribute('aria-rowcount', '81');
    for (const density of ['Marks', 'Words']) {
      await page.getByRole('button', { name: density }).click();
      await page.getByRole('rowheader').first().focus();
      await page.keyboard.press('Control+End');
      await expect(page.getByRole('rowheader', { name: /DRC-SRV012/ })).toBeFocused();
      await expect(page.getByRole('rowheader', { name: /ICA-APP001 / })).toHaveCount(0);
      expect(await nodes()).toBeLessThan(2_500);
      await page.keyboard.press('Control+Home');
      await expect(page.getByRole('rowheader', { name: /ICA-APP001 / })).toBeFocused();
      expect(await nodes()).toBeLessThan(2_500);
    }
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await expect(page.getByRole('columnheader', { name: /ICA_16/ }).first()).toBeInViewport();
  });

  test('ranges, all that are shown, and nothing, from the keyboard', async ({ page }) => {
    await open(page, 'direct-routing', 'servers-200');
    const told = page.getByRole('group', { name: 'Counts of the matrix' }).getByRole('status');
    await page.getByRole('rowheader', { name: /ICA-APP002 / }).focus();
    await page.keyboard.press(' ');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await expect(told).toHaveText('3 servers selected');
    await page.keyboard.press('Shift+ArrowUp');
    await expect(told).toHaveText('2 servers selected');
    await page.keyboard.press('Escape');
    await expect(told).toHaveText('');
    await page.getByRole('button', { name: /need the fix$/ }).click();
    await page.getByRole('searchbox', { name: /^Filter by/ }).fill('vna');
    await expect(page.getByText('4 of 200 servers')).toBeVisible();
    await page.getByRole('rowheader').first().focus();
    await page.keyboard.press('Control+a');
    await expect(told).toHaveText('4 servers selected');
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await expect(page.getByRole('row', { selected: true, name: /VNA-APP0/ })).not.toHaveCount(4);
    await expect(told).toHaveText('4 servers selected');
  });
});

test('servers, plan, options, start, lanes and undo with the keyboard alone', async ({ page }) => {
  await open(page, 'direct-routing', 'servers-200');
  const keyboard = new Keyboard(page);
  const panel = panelOf(page);

  await test.step('select all that need it and draw up their plan', async () => {
    await keyboard.press(page.getByRole('button', { name: 'Select all that need it' }));
    await expect(panel.getByRole('heading', { name: '13 servers selected' })).toBeVisible();
    await expect(panel).toContainText('proved and in service carry on');
    await keyboard.press(panel.getByRole('button', { name: 'Draw up the plan for 13 servers' }));
    await expect(panel.getByRole('list', { name: 'Lanes' }).getByRole('listitem')).toHaveCount(13);
  });

  await test.step('choose options: each draws the plan up again', async () => {
    await keyboard.tabTo(panel.getByRole('tab', { name: '13 lanes' }));
    await page.keyboard.press('ArrowRight');
    await keyboard.tabTo(panel.getByLabel('The server restores itself unless confirmed within'));
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => asked(page, 'directRouting.plan')).toMatchObject({ options: { revertMinutes: 30 } });
    await keyboard.tabTo(panel.getByRole('radio', { name: /^Begin no other/ }));
    await page.keyboard.press('ArrowDown');
    await expect
      .poll(() => asked(page, 'directRouting.plan'))
      .toMatchObject({ options: { revertMinutes: 30, onFailure: 'go-on' } });
    await expect(panel).toContainText('unless confirmed within 30 min');
    await expect(panel.getByRole('tab', { name: 'Options, 2 chosen' })).toBeVisible();
  });

  await test.step('start it, with a reason', async () => {
    await keyboard.press(panel.getByRole('button', { name: 'Apply to 13 servers' }));
    const form = panel.getByRole('form');
    await expect(form).toContainText('Give a reason first.');
    await keyboard.type(form.getByRole('textbox', { name: 'Reason' }), 'Loopback adapters lost');
    await keyboard.press(form.getByRole('button', { name: 'Apply to 13 servers' }));
    await expect(panel.getByRole('link', { name: 'Open job 420' })).toBeVisible();
  });

  await test.step('the lanes: what failed first, one opens to its steps and its dead-man', async () => {
    const lanes = panel.getByRole('list', { name: 'Lanes' }).locator('> li');
    await expect(lanes.first()).toContainText('failed at Install, taken back');
    // One stop of the Tab key, however many lanes: the arrow keys walk them.
    await keyboard.tabTo(panel.getByRole('button', { name: /^ICA-APP012/ }));
    for (let lane = 0; lane < 4; lane += 1) await page.keyboard.press('ArrowDown');
    await expect(panel.getByRole('button', { name: /Install\s*, restores itself at 02:58/ }).first()).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(panel.getByText('Restores itself at 02:58 unless confirmed', { exact: true })).toBeVisible();
    await expect(panel.getByRole('timer')).toHaveText('11 min 27 s');
    await keyboard.press(panel.getByRole('button', { name: 'Cancel job 420 after this step' }));
    await expect.poll(() => asked(page, 'jobs.cancel')).toEqual({ jobId: 'job:420' });
  });

  await test.step('undo from the row of a server', async () => {
    await keyboard.tabTo(page.getByRole('rowheader', { name: /ICA-APP001 / }));
    await page.keyboard.press('Enter');
    await keyboard.press(panel.getByRole('button', { name: 'Plan the undo on ICA-APP001' }));
    await expect(panel.getByRole('heading', { name: /^Plan: Undo of the Direct Routing fix/ })).toBeVisible();
    await expect.poll(() => asked(page, 'directRouting.planUndo')).toMatchObject({ windowsId: 'windows:ICA-APP001' });
    await keyboard.press(panel.getByRole('button', { name: 'Undo the fix on ICA-APP001' }));
    await expect(panel.getByRole('form', { name: 'Undo the fix on ICA-APP001' })).toBeVisible();
  });
});

test('nothing is applied without a reason; then the job is followed', async ({ page }) => {
  await open(page, 'direct-routing/windows%3AICA-APP02');
  await page.getByRole('button', { name: 'Apply to ICA-APP02' }).click();
  const form = page.getByRole('form', { name: 'Apply to ICA-APP02' });
  await expect(form).toContainText('Give a reason first.');
  await form.getByRole('textbox', { name: 'Reason' }).fill('Loopback lost');
  await form.getByRole('button', { name: 'Apply to ICA-APP02' }).click();
  await expect(page.getByRole('link', { name: 'Open job 412' })).toBeVisible();
});

test('leaving for a job does not come back', async ({ page }) => {
  await open(page, 'direct-routing/windows%3AICA-APP02');
  await expect(page.getByRole('heading', { name: /^Plan:/ })).toBeVisible();
  await page.evaluate('location.hash = "#/jobs/job%3A412"');
  await expect(page.getByRole('heading', { name: 'Direct Routing fix on ICA-APP03' })).toBeVisible();
  expect(page.url()).toContain('#/jobs/');
});

test('one server: no choice between servers, and the lines by hand follow the options', async ({ page }) => {
  await open(page, 'direct-routing');
  const panel = panelOf(page);
  await page.getByRole('rowheader', { name: /ICA-APP02/ }).focus();
  await page.keyboard.press(' ');
  await panel.getByRole('tab', { name: 'Options' }).click();
  await expect(panel).toContainText('After a failure the server is taken back to how it was');
  await expect(panel.getByRole('radio', { name: /^Begin no other/ })).toHaveCount(0);
  await panel.getByLabel('Open the Windows firewall for the ports of the services').click();
  await panel.getByRole('tab', { name: 'Script' }).click();
  await expect.poll(() => asked(page, 'directRouting.byHand')).toMatchObject({ options: { firewall: true } });
});

test('a plan is exported as one page without script', async ({ page }) => {
  await open(page, 'direct-routing/windows%3AICA-APP02');
  await page.getByText('Export plan').click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'One page, HTML' }).click(),
  ]);
  const html = await readFile(await file.path(), 'utf8');
  expect(html).toContain('Direct Routing fix on ICA-APP02');
  expect(html).not.toContain('<script');
});

test('a service is played as a client, and what it saw stands line by line', async ({ page }) => {
  await open(page, 'direct-routing');
  await page.getByRole('button', { name: 'Clients' }).click();
  const clients = page.getByRole('region', { name: 'What clients see' });
  await expect(clients).toContainText('fails through the VIP, servers answer directly');
  await expect(clients).toContainText('Certificate CN=ICA-APP01, by CN=Hospital Issuing CA 2, until 30 Jun 2027');
  await clients.getByRole('button', { name: 'Check VNA_WEB as a client' }).click();
  await expect
    .poll(() => asked(page, 'directRouting.proveClient'))
    .toMatchObject({ pairId: 'pair:annex', serviceNames: ['VNA_WEB'] });
});

test('a job of 200 servers lists its lanes, what failed opened', async ({ page }) => {
  await open(page, 'jobs/job%3A420', 'servers-200');
  await expect(page.getByRole('button', { name: /ICA-APP012.*failed at Install, taken back/ })).toHaveAttribute(
    'aria-expanded',
    'true',
  );
  await expect(page.getByText('The link was cut. See whether the server runs.').first()).toBeVisible();
  await page.getByRole('button', { name: '8 running' }).click();
  await expect(page.getByRole('button', { name: /ICA-APP111.*restores itself at 02:58/ })).toBeVisible();
  await expect(page.getByRole('button', { name: /ICA-APP012/ })).toHaveCount(0);
});

for (const theme of ['light', 'dark']) {
  test(`axe finds nothing with 200 servers, ${theme}`, async ({ page }) => {
    test.setTimeout(240_000);
    await open(page, 'direct-routing', 'servers-200', theme);
    await clean(page);
    await page.getByRole('button', { name: 'Select all that need it' }).click();
    await page.getByRole('button', { name: /^Draw up the plan/ }).click();
    await expect(page.getByRole('tab', { name: '13 lanes' })).toBeVisible();
    await clean(page);
    await page.getByRole('tab', { name: 'Options' }).click();
    await clean(page);
  });
}
