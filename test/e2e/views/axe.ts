import AxeBuilder from '@axe-core/playwright';
import { launchChromium } from '../harness/chromium';
import { serveFolder } from '../harness/serve';

/** Runs axe over views of the fake engine: `tsx test/e2e/views/axe.ts <address>…`; prints what it finds. */
const served = await serveFolder(
  process.env['HARNESS'] ?? new URL('../../../.cache/harness', import.meta.url).pathname,
);
const browser = await launchChromium();
let found = 0;
try {
  for (const to of process.argv.slice(2)) {
    const [path = '', picture = 'normal'] = to.split('@');
    for (const theme of (process.env['THEMES'] ?? 'light,dark').split(',')) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      const page = await context.newPage();
      await page.clock.setFixedTime(new Date(Date.UTC(2026, 10, 22, 2, 47, 16)));
      const shown = picture === 'stale' ? 'normal' : picture;
      await page.goto(`${served.url}/index.html?picture=${shown}&theme=${theme}#/${path}`);
      await page.waitForTimeout(700);
      if (picture === 'stale') {
        await page.evaluate('window.harness.stop()');
        await page.waitForTimeout(300);
      }
      const { violations } = await new AxeBuilder({ page }).analyze();
      for (const { id, impact, nodes } of violations) {
        found++;
        process.stdout.write(`${to} ${theme} ${id} (${impact ?? ''}): ${nodes.length}\n`);
        for (const node of nodes.slice(0, 3))
          process.stdout.write(`   ${node.html.slice(0, 160)}\n     ${node.failureSummary?.split('\n')[1] ?? ''}\n`);
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  await served.close();
}
process.stdout.write(`${found} found\n`);
