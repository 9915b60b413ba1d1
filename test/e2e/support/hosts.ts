import { test as base, expect, type Page } from '@playwright/test';
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
  window: async ({ page, host }, use) => {
    if (host !== 'web-host') throw new Error(`${host} is opened by its own fixture`);
    const opened = await openWebHost();
    try {
      await page.goto(opened.url);
      await use({ page, dataFolder: opened.dataFolder, killEngine: () => opened.kill() });
    } finally {
      await opened.close();
    }
  },
});

export { expect };
