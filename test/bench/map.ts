import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { build } from 'vite';
import { hasChromium, launchChromium } from '../e2e/harness/chromium';
import { serveFolder } from '../e2e/harness/serve';

interface BenchLine {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly peer: string | null;
  readonly peerValue: number | null;
  readonly ratio: number | null;
  readonly bound: string;
  readonly held: boolean;
}

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const nodeCount = 6_100;
const rounds = 9;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function line(name: string, value: number, unit: string, bound: string, held: boolean): BenchLine {
  return { name, value: Math.round(value * 10) / 10, unit, peer: null, peerValue: null, ratio: null, bound, held };
}

/** From the window's connection until the map of the snapshot stands on the canvas, checks of the contract included. */
async function firstPaint(page: Page, url: string): Promise<number> {
  await page.goto(url);
  await page.waitForFunction(`performance.getEntriesByName('evenkeel-map-first-paint').length > 0`);
  return page.evaluate<number>(
    `performance.getEntriesByName('evenkeel-map-first-paint')[0].startTime - performance.getEntriesByName('evenkeel-connect')[0].startTime`,
  );
}

/** Frames a second over 120 frames, each of which moves the map. */
async function panning(page: Page): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) => {
    const canvas = document.querySelector('canvas');
    let frames = 0;
    let began = 0;
    const step = (now) => {
      if (frames === 0) began = now;
      if (frames === 120) return resolve((120 * 1000) / (now - began));
      frames++;
      canvas.dispatchEvent(new WheelEvent('wheel', { deltaY: frames % 40 < 20 ? 90 : -60, cancelable: true }));
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  })`);
}

/** How long the page's main thread is busy with 1,000 changed servers: checked, stored, laid out and painted. */
async function changes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  // Time of the thread itself: what else this machine does at the same moment does not count.
  await session.send('Performance.setTimeDomain', { timeDomain: 'threadTicks' });
  await session.send('Performance.enable');
  const busy = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find((metric) => metric.name === 'TaskDuration')?.value ?? 0) * 1_000;
  };
  const spent = async (change: string): Promise<number> => {
    const before = await busy();
    await page.evaluate(`new Promise((resolve) => { ${change}; setTimeout(resolve, 250); })`);
    return (await busy()) - before;
  };
  const measured: number[] = [];
  for (let round = 0; round < rounds; round++) {
    // The fake engine lives in the same thread: what it takes to build and copy the change is not the window's.
    const engineSide = await spent(`harness.copyMany(1000, ${round})`);
    measured.push((await spent(`harness.changeMany(1000, ${round})`)) - engineSide);
  }
  await session.detach();
  return median(measured);
}

async function run(): Promise<readonly BenchLine[]> {
  if (!hasChromium) throw new Error('There is no Chromium here: install the package chromium.');
  await build({ configFile: path('../e2e/harness/vite.config.ts'), logLevel: 'error' });
  const served = await serveFolder(path('../../.cache/harness'));
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const url = `${served.url}/index.html?picture=many&nodes=${nodeCount}`;
    const paints: number[] = [];
    for (let round = 0; round < rounds; round++) paints.push(await firstPaint(page, url));
    const rate = median([await panning(page), await panning(page), await panning(page)]);
    const applied = await changes(page);
    const first = median(paints);
    return [
      line(`map of ${nodeCount} nodes first painted`, first, 'ms', '< 400', first < 400),
      line('map panning', rate, 'frames/s', '>= 55', rate >= 55),
      line('1000 changes applied', applied, 'ms', '< 16', applied < 16),
    ];
  } finally {
    await browser.close();
    await served.close();
  }
}

export default { name: 'map', run };
