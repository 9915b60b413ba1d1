import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page, type Route } from '@playwright/test';
import { toOwn } from './address';
import { tell } from './control';
import { session } from './session';

const permissions = ['notifications', 'geolocation', 'camera', 'microphone', 'clipboard-read'];
const listening = /^(\d+)\n/;

/** Debian's Chromium, which the test reaches by its debugging port while the stand-in answers its requests. */
export class Browser {
  private firstPage = true;

  private constructor(
    private readonly context: BrowserContext,
    private readonly folder: string,
  ) {}

  static async launch(): Promise<Browser> {
    const folder = await mkdtemp(join(tmpdir(), 'evenkeel-stand-in-'));
    const context = await chromium.launchPersistentContext(folder, {
      executablePath: '/usr/bin/chromium',
      viewport: { width: 1440, height: 900 },
      timezoneId: 'Europe/London',
      locale: 'en-GB',
      handleSIGINT: false,
      handleSIGTERM: false,
      args: [
        ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
        ...['--disable-component-update', '--disable-sync', '--remote-debugging-port=0'],
      ],
    });
    const port = listening.exec(await readFile(join(folder, 'DevToolsActivePort'), 'utf8'))?.[1];
    if (port === undefined) throw new Error('Chromium named no debugging port');
    tell({ t: 'browser', endpoint: `http://127.0.0.1:${port}` });
    return new Browser(context, folder);
  }

  /** A page whose requests go through the application's rules; `navigates` decides on its navigations. */
  async page(navigates: (url: string) => boolean): Promise<Page> {
    const granted = session.defaultSession.grants(permissions);
    if (granted.length > 0) await this.context.grantPermissions(granted);
    const existing = this.firstPage ? this.context.pages()[0] : undefined;
    this.firstPage = false;
    const page = existing ?? (await this.context.newPage());
    await page.route('**/*', (route) => answer(route, page, navigates));
    return page;
  }

  async close(): Promise<void> {
    await this.context.close();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function answer(route: Route, page: Page, navigates: (url: string) => boolean): Promise<void> {
  const sent = route.request();
  const url = toOwn(sent.url());
  if (sent.isNavigationRequest() && sent.frame() === page.mainFrame() && !navigates(url)) {
    tell({ t: 'refused', what: 'navigation', url });
    return route.abort('aborted');
  }
  if (await session.defaultSession.isBlocked(url)) {
    tell({ t: 'refused', what: 'request', url });
    return route.abort('blockedbyclient');
  }
  const given = await session.defaultSession.answer(new Request(url, { method: sent.method() }));
  // Nothing leaves for the network in a test, whatever the rules let through.
  if (given === null) return route.abort('namenotresolved');
  const headers = Object.fromEntries(given.headers);
  return route.fulfill({ status: given.status, headers, body: Buffer.from(await given.arrayBuffer()) });
}
