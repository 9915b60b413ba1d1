import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { build } from 'vite';
import { hasChromium } from './harness/chromium';
import { serveFolder, type Served } from './harness/serve';

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
}

const withKey = 'inventory/add-appliance?host=192.168.160.11&site=Pathology';

test.describe('Jobs', () => {
  test('plan, journal and proof of a step stand in one row', async ({ page }) => {
    await open(page, 'jobs/job%3A412');
    await expect(page.getByRole('row', { name: /Guard.*proved and in service.*21 of 21 readings/ })).toBeVisible();
    await expect(page.getByText('Every promise holds, 11 of 11.')).toBeVisible();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export change record 412' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('job-412.html');
  });

  test('a job that waits offers what is safe', async ({ page }) => {
    await open(page, 'jobs/job%3A414');
    const decision = page.getByRole('region', { name: 'Decision' });
    await expect(decision).toContainText('The link was cut.');
    await decision.getByRole('button', { name: 'Resume' }).click();
    await expect
      .poll(() => page.evaluate('window.harness.engine.asked.at(-1)'))
      .toMatchObject({ name: 'jobs.decide', input: { jobId: 'job:414', choice: 'resume' } });
  });
});

test.describe('Inventory', () => {
  test('a pasted fingerprint is compared; another one cannot be pinned', async ({ page }) => {
    await open(page, withKey);
    const ask = page.getByRole('region', { name: 'Is this the appliance’s host key?' });
    const field = ask.getByRole('textbox');
    await field.fill('256 SHA256:tQ3v9mXeZk0L7hYbR2cNw8Ud5fPaJsVi1GoT6rMzE4x root@lb-path-1 (ED25519)');
    await expect(ask).toContainText('43 of 43 characters alike');
    await field.fill('tQ3v9mXeZk0L7hYbR2cNw8Ud5fPaJsVi1GoT6rMzE4y');
    await expect(ask).toContainText('42 of 43 characters alike');
    await expect(ask.getByRole('button', { name: /^Pin this key/ })).toHaveAttribute('aria-disabled', 'true');
    await expect(page.getByText('pin the SSH host key, or add it by WebUI only.').first()).toBeVisible();
    await ask.getByRole('button', { name: 'It differs: stop and report' }).click();
    await expect(page.getByRole('alert')).toContainText('Someone may be in between');
  });

  test('a changed host key is an alarm, and removing says its effect', async ({ page }) => {
    await open(page, 'inventory/unit%3Alb-main-2');
    await expect(page.getByRole('row', { name: /lb-main-2.*host key changed/ })).toBeVisible();
    await page.getByRole('button', { name: 'Compare and pin the new identity' }).click();
    await expect(page.getByRole('dialog', { name: 'Compare what lb-main-2 shows' })).toContainText('Pinned so far');
    await page.getByRole('button', { name: 'Leave the pinned identity as it is' }).click();
    await open(page, 'inventory/unit%3Alb-main-1');
    await page.getByRole('button', { name: 'Remove lb-main-1' }).click();
    await expect(page.getByRole('dialog')).toContainText('Nothing is sent to lb-main-1');
  });

  test('a list is shown row by row before anything is added', async ({ page }) => {
    await open(page, 'inventory/import');
    await page.locator('input[type=file]').setInputFiles({
      name: 'units.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('kind,name,site,host\n'),
    });
    await expect(page.getByRole('row', { name: /lb-path-1.*Can be added/ })).toBeVisible();
    await page.getByRole('button', { name: 'Add 1 unit' }).click();
    await expect
      .poll(() =>
        page.evaluate('window.harness.engine.asked.find((call) => call.name === "inventory.import")?.input.lines'),
      )
      .toEqual([2]);
  });
});

test('a rollout shows what runs, what is to come, and where traffic is', async ({ page }) => {
  await open(page, 'updates');
  const phases = page.getByRole('list', { name: 'Phases of lb-annex-1' });
  await expect(phases).toContainText('62 %');
  await expect(phases.getByRole('listitem').filter({ hasText: 'Digest' })).toContainText('~02:47:28');
  await expect(page.getByText('If a phase on lb-annex-1 fails, traffic stays here.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Plan an update of lb-main' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
});

test('the chain of the audit log is verified', async ({ page }) => {
  await open(page, 'records/audit');
  await page.getByRole('button', { name: 'Verify the chain' }).click();
  await expect(page.getByText('1893 entries, each fits the one before')).toBeVisible();
});

const views = [
  'direct-routing',
  'direct-routing/windows%3AICA-APP02',
  'updates',
  'jobs',
  'jobs/job%3A412',
  'jobs/job%3A414',
  'inventory/unit%3Alb-main-2',
  withKey,
  'inventory/add-server?host=lis.local',
  'inventory/import',
  'records',
  'records/audit',
  'settings',
];
const pictured = ['direct-routing', 'updates', 'jobs', 'inventory', 'records/audit'];

async function clean(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((found) => `${found.id}: ${found.nodes[0]?.html ?? ''}`)).toEqual([]);
}

for (const theme of ['light', 'dark']) {
  test(`axe finds nothing in any view, ${theme}`, async ({ page }) => {
    test.setTimeout(240_000);
    for (const view of views) {
      await test.step(view, async () => {
        await open(page, view, 'normal', theme);
        await expect(page.locator('main h1').first()).toBeAttached();
        await expect(page.locator('main [aria-busy=true]')).toHaveCount(0);
        await clean(page);
      });
    }
  });
}

test('empty, loading, error and stale say so, and axe finds nothing in them', async ({ page }) => {
  test.setTimeout(240_000);
  const words = {
    empty: /Add |add|run|ended|begin/,
    loading: /Reading/,
    error: /7f3a-0c12/,
    stale: /The engine is away/,
  };
  for (const view of pictured) {
    for (const [state, word] of Object.entries(words)) {
      await test.step(`${view} ${state}`, async () => {
        await open(page, view, state === 'stale' ? 'normal' : state);
        if (state === 'stale') {
          await expect(page.locator('main h1').first()).toBeAttached();
          await page.evaluate('window.harness.stop()');
        }
        await expect(page.locator('main').getByText(word).first()).toBeVisible();
        await clean(page);
      });
    }
  }
});
