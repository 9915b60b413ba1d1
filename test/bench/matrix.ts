import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { build } from 'vite';
import { hasChromium, launchChromium } from '../e2e/harness/chromium';
import { serveFolder } from '../e2e/harness/serve';
import type { BenchLine } from './tools/bench-line';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const frames = 120;

function line(name: string, value: number, unit: string, bound: string, held: boolean): BenchLine {
  return { name, value: Math.round(value * 10) / 10, unit, peer: null, peerValue: null, ratio: null, bound, held };
}

/** Elements of the view at most, while it is scrolled down and right, a piece a frame. */
function scroll(page: Page): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) => {
    const scroller = document.querySelector('[role=grid]').closest('.scroller');
    const main = document.querySelector('main');
    let count = 0;
    let nodes = 0;
    scroller.scrollTo(0, 0);
    const step = () => {
      nodes = Math.max(nodes, main.getElementsByTagName('*').length);
      if (count++ === ${frames}) return resolve(nodes);
      scroller.scrollBy(count % 2 === 0 ? 40 : -20, 60);
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  })`);
}

/** Milliseconds a frame that the page's main thread is busy; what else this machine does at the same moment is not counted. */
async function measured(page: Page): Promise<{ readonly busy: number; readonly nodes: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.setTimeDomain', { timeDomain: 'threadTicks' });
  await session.send('Performance.enable');
  const spent = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find((metric) => metric.name === 'TaskDuration')?.value ?? 0) * 1_000;
  };
  const before = await spent();
  const nodes = await scroll(page);
  const busy = ((await spent()) - before) / frames;
  await session.detach();
  return { busy, nodes };
}

async function run(): Promise<readonly BenchLine[]> {
  if (!hasChromium) throw new Error('There is no Chromium here: install the package chromium.');
  await build({ configFile: path('../e2e/harness/vite.config.ts'), logLevel: 'error' });
  const served = await serveFolder(path('../../.cache/harness'));
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${served.url}/index.html?picture=servers-200#/direct-routing`);
    await page.getByRole('rowheader').first().waitFor();
    const lines: BenchLine[] = [];
    for (const density of ['Marks', 'Words']) {
      await page.getByRole('button', { name: density }).click();
      await scroll(page);
      const rounds = [await measured(page), await measured(page), await measured(page)];
      const busy = [...rounds.map((round) => round.busy)].sort((a, b) => a - b)[1] ?? Number.NaN;
      const nodes = Math.max(...rounds.map((round) => round.nodes));
      const name = `matrix of 200 servers as ${density.toLowerCase()}`;
      lines.push(line(`${name}, busy a frame of scrolling`, busy, 'ms', '< 16', busy < 16));
      lines.push(line(`${name}, elements in the page`, nodes, '', '< 2500', nodes < 2_500));
    }
    return lines;
  } finally {
    await browser.close();
    await served.close();
  }
}

export default { name: 'matrix', run };
