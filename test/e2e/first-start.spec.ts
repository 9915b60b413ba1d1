import { Evenkeel } from './pages/evenkeel';
import { expect, test } from './support/hosts';

test('first start: one key opens the practice site, and the overview shows it', async ({ window }) => {
  const evenkeel = new Evenkeel(window.page);
  await evenkeel.openPracticeSite();
  await evenkeel.keyboard.command('table');
  await expect(window.page.getByRole('row', { name: /lb-practice-1/ })).toBeVisible();
});
