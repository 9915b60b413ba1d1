import { expect, test } from './support/hosts';

test('a page without the token is told so, and asks nothing of the engine', async ({ window, browser }) => {
  const other = await browser.newContext();
  const page = await other.newPage();
  await page.goto(`${new URL(window.page.url()).origin}/#token=wrong`);
  await expect(page.getByRole('heading', { name: 'This page may not talk to the engine' })).toBeVisible();
  await expect(page.getByText('Open the address that npm start printed')).toBeVisible();
  await other.close();
});

test('no connection leaves this computer', async ({ window }) => {
  const foreign: string[] = [];
  const { page } = window;
  page.on('request', (request) => {
    if (!['127.0.0.1', ''].includes(new URL(request.url()).hostname)) foreign.push(request.url());
  });
  await page.reload();
  await expect(page.getByRole('heading', { name: 'No appliance is known to this computer' })).toBeVisible();
  for (const view of ['inventory', 'direct-routing', 'updates', 'jobs', 'records', 'settings']) {
    await page.evaluate((to) => {
      location.hash = `#/${to}`;
    }, view);
    await expect(page.locator('main h1').first()).toBeAttached();
  }
  expect(foreign).toEqual([]);
});
