import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Evenkeel } from './pages/evenkeel';
import { expect, test } from './support/hosts';

test.describe.configure({ mode: 'serial' });

test('the whole rehearsal with the keyboard alone', async ({ window }) => {
  test.setTimeout(420_000);
  const { page } = window;
  const app = new Evenkeel(page);
  await app.openPracticeSite();

  await test.step('fix Direct Routing on every server that needs it', async () => {
    await app.keyboard.command('Direct Routing');
    await app.keyboard.press(app.button('Select all that need it'));
    await app.keyboard.press(app.button(/^Apply to /));
    await app.start(/^Apply to /, null);
    await expect(page.getByText('done and proved').first()).toBeVisible({ timeout: 240_000 });
  });

  await test.step('update the pair offline', async () => {
    await app.keyboard.command('Updates');
    await app.keyboard.press(app.button('Shelve the practice site’s archive'));
    await app.keyboard.press(app.button(/^Plan an update of lb-practice/));
    await app.start(/^Update lb-practice to 8/, 'lb-practice');
    await expect(page.getByText('done and proved').first()).toBeVisible({ timeout: 300_000 });
  });

  await test.step('the overview shows what followed', async () => {
    await app.keyboard.command('Overview');
    await expect(app.count(14, 'healthy')).toBeVisible();
    await app.keyboard.command('table');
    await expect(page.getByRole('row', { name: /lb-practice-1.*8\.13\.2/ })).toBeVisible();
  });

  await test.step('each job left its change record', async () => {
    const records = join(window.dataFolder, 'records');
    const files = (await readdir(records)).filter((name) => name.endsWith('.html'));
    expect(files).toHaveLength(2);
    for (const file of files)
      expect(await readFile(join(records, file), 'utf8')).toContain('Rehearsal with the keyboard');
  });
});
