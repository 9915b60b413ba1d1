import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchChromium } from '../harness/chromium';
import { serveFolder } from '../harness/serve';

/** Takes pictures of views over the fake engine: `tsx test/e2e/views/shoot.ts <name>=<address>…`, both themes. */
const moment = new Date(Date.UTC(2026, 10, 22, 2, 47, 16));
const folder = join(tmpdir(), 'evenkeel-shots');
await mkdir(folder, { recursive: true });
const served = await serveFolder(
  process.env['HARNESS'] ?? new URL('../../../.cache/harness', import.meta.url).pathname,
);
const browser = await launchChromium();
const themes = (process.env['THEMES'] ?? 'light,dark').split(',');
try {
  for (const shot of process.argv.slice(2)) {
    const cut = shot.indexOf('=');
    const [name, to] = [shot.slice(0, cut), shot.slice(cut + 1)];
    const [path = '', picture = 'normal'] = to.split('@');
    for (const theme of themes) {
      const page = await browser.newPage({
        viewport: { width: 1440, height: 900 },
        timezoneId: 'Europe/London',
        locale: 'en-GB',
      });
      page.on('console', (message) => message.type() === 'error' && process.stderr.write(`${message.text()}\n`));
      page.on('pageerror', (error) => process.stderr.write(`${error.stack ?? error.message}\n`));
      await page.clock.setFixedTime(moment);
      await page.goto(`${served.url}/index.html?picture=${picture}&theme=${theme}#/${path}`);
      await page.waitForTimeout(900);
      await page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
      await page.close();
    }
  }
} finally {
  await browser.close();
  await served.close();
}
process.stdout.write(`${folder}\n`);
