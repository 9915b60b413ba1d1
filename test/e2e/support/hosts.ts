import { test as base, expect, type Page } from '@playwright/test';
import { openStandIn } from '../stand-in/open';
import { electronProgram, openElectron } from './electron';
import { openWebHost } from './web-host';

export interface HostOptions {
  /** How the window reaches the engine. */
  readonly host: 'web-host' | 'stand-in' | 'electron';
}

/** A window with an engine and data of its own. */
export interface OpenWindow {
  readonly page: Page;
  /** The folder with database, records, logs. */
  readonly dataFolder: string;
  /** Ends the engine's process with SIGKILL, as a crash would. */
  killEngine(): Promise<void>;
}

export const test = base.extend<HostOptions & { readonly window: OpenWindow }>({
  host: ['web-host', { option: true }],
  window: async ({ page, host }, use, testInfo) => {
    const program = host === 'electron' ? electronProgram() : null;
    testInfo.skip(host === 'electron' && program === null, 'the Electron runtime was not fetched to this computer');
    const opened = await openHost(host, page, program ?? '');
    try {
      await use(opened);
    } finally {
      await opened.close();
    }
  },
});

async function openHost(
  host: HostOptions['host'],
  page: Page,
  program: string,
): Promise<OpenWindow & { close(): Promise<void> }> {
  switch (host) {
    case 'stand-in':
      return openStandIn();
    case 'electron':
      return openElectron(program);
    case 'web-host': {
      const opened = await openWebHost();
      await page.goto(opened.url);
      return { page, dataFolder: opened.dataFolder, killEngine: () => opened.kill(), close: () => opened.close() };
    }
  }
}

export { expect };
