import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import { hasChromium } from './harness/chromium';
import { Evenkeel } from './pages/evenkeel';
import { openStandIn, StandInProcess, type OpenStandIn } from './stand-in/open';

// What the desktop shell itself does: the built main, preload, engine and window over the stand-in for Electron.

base.skip(!hasChromium, 'there is no Chromium at /usr/bin/chromium');

const test = base.extend<{ readonly shell: OpenStandIn }>({
  // Playwright wants the pattern even where no other fixture is used.
  // eslint-disable-next-line no-empty-pattern
  shell: async ({}, use) => {
    const shell = await openStandIn();
    await use(shell);
    await shell.close();
  },
});

const firstStart = (shell: OpenStandIn) =>
  shell.page.getByRole('heading', { name: 'No appliance is known to this computer' });

test('the engine is killed: the window says so, the engine is started again, and the window works on', async ({
  shell,
}) => {
  const { page } = shell;
  const evenkeel = new Evenkeel(page);
  await evenkeel.openPracticeSite();
  const explained = expect(page.getByText('Engine stopped, being started again')).toBeVisible();
  await shell.killEngine();
  await explained;
  await expect(page.getByText('Engine running')).toBeVisible();
  const note = await shell.seen('notification');
  expect(note.title).toBe('The engine stopped and was started again');
  await expect(page.getByRole('note', { name: 'Practice' })).toBeVisible();
  await evenkeel.keyboard.command('Direct Routing');
  await expect(evenkeel.button('Select all that need it')).toBeEnabled();
});

test('an engine that cannot start is explained in a dialog, and the program ends', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'evenkeel-e2e-'));
  await writeFile(join(folder, 'evenkeel.db'), 'This was a database once. '.repeat(400));
  const program = new StandInProcess(folder);
  const dialog = await program.seen('dialog');
  expect(dialog.title).toBe('Evenkeel cannot start its engine');
  expect(dialog.content).toContain('Nothing was changed on any unit.');
  expect(await program.ended).toBe(0);
  expect(program.events.filter((event) => event.t === 'engine')).toHaveLength(1);
  await rm(folder, { recursive: true });
});

test('the window goes nowhere else', async ({ shell }) => {
  const { page } = shell;
  await expect(firstStart(shell)).toBeVisible();
  await page.evaluate(() => window.location.assign('https://elsewhere.test/page'));
  expect(await shell.seen('refused')).toMatchObject({ what: 'navigation', url: 'https://elsewhere.test/page' });
  await page.evaluate(() => void window.open('https://elsewhere.test/window'));
  expect(await shell.seen('refused', 2)).toMatchObject({ what: 'window' });
  await expect.poll(() => page.context().pages().length).toBe(1);
  const fetched = await page.evaluate(() =>
    fetch('https://elsewhere.test/data').then(
      () => 'answered',
      () => 'refused',
    ),
  );
  expect(fetched).toBe('refused');
  await expect(firstStart(shell)).toBeVisible();
});

test('every file of the window carries the content security policy; other paths have no answer', async ({ shell }) => {
  await expect(firstStart(shell)).toBeVisible();
  const answers = await shell.page.evaluate(() =>
    Promise.all(
      ['/index.html', '/..%2f..%2fpackage.json', '/nothing.js'].map(async (path) => {
        const { status, headers } = await fetch(path);
        return { status, policy: headers.get('content-security-policy'), sniff: headers.get('x-content-type-options') };
      }),
    ),
  );
  expect(answers[0]).toMatchObject({ status: 200, sniff: 'nosniff' });
  expect(answers[0]?.policy).toContain("default-src 'none'; script-src 'self'");
  expect(answers.map((answer) => answer.status)).toEqual([200, 404, 404]);
});

test('a script that was written into the page does not run', async ({ shell }) => {
  await expect(firstStart(shell)).toBeVisible();
  const marks = await shell.page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "run"';
    document.body.append(script);
    return document.title;
  });
  expect(marks).toBe('Evenkeel');
});

test('the window is given no permission', async ({ shell }) => {
  await expect(firstStart(shell)).toBeVisible();
  expect(await shell.page.evaluate(() => window.Notification.requestPermission())).toBe('denied');
});

test('only the top frame of the own page gets a port to the engine', async ({ shell }) => {
  const { page } = shell;
  await expect(firstStart(shell)).toBeVisible();
  await page.evaluate(() => document.body.append(document.createElement('iframe')));
  await expect.poll(() => page.frames().length).toBe(2);
  const connect = { t: 'send', channel: 'evenkeel:connect' };
  const ask = (message: object): Promise<void> =>
    (Reflect.get(window, '__standInSend') as (given: object) => Promise<void>)(message);
  await page.frames()[1]?.evaluate(ask, connect);
  await page.mainFrame().evaluate(ask, connect);
  await shell.seen('port', 2);
  // Both were asked in this order over one channel: had the frame been answered, there would be three.
  expect(shell.events.filter((event) => event.t === 'port')).toHaveLength(2);
});

test('a second start shows the window of the first and ends', async ({ shell }) => {
  await expect(firstStart(shell)).toBeVisible();
  const before = shell.events.filter((event) => event.t === 'focused').length;
  expect(await shell.startAgain()).toBe(0);
  await shell.seen('focused', before + 1);
  expect(shell.events.filter((event) => event.t === 'engine')).toHaveLength(1);
  expect(shell.page.context().pages()).toHaveLength(1);
});

test('a chosen file is named by its path', async ({ shell }) => {
  const { page } = shell;
  await expect(firstStart(shell)).toBeVisible();
  const file = join(shell.dataFolder, 'chosen archive.tar.gz');
  await writeFile(file, 'archive');
  await page.evaluate(() => {
    const input = Object.assign(document.createElement('input'), { type: 'file', title: 'Chosen' });
    input.addEventListener('change', () => {
      const chosen = input.files?.[0];
      if (chosen !== undefined) input.title = window.evenkeelHost?.pathForFile(chosen) ?? 'no host';
    });
    document.body.append(input);
  });
  await page.locator('input[type=file]').setInputFiles(file);
  await expect(page.locator('input[type=file]')).toHaveAttribute('title', file);
});
