import { EventEmitter } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { toShown } from './address';
import { app } from './app';
import { tell } from './control';
import { pageScript } from './page-world';
import { WebContents } from './web-contents';

interface WindowOptions {
  readonly width: number;
  readonly height: number;
  readonly webPreferences: {
    readonly preload: string;
    readonly sandbox: boolean;
    readonly contextIsolation: boolean;
    readonly nodeIntegration: boolean;
    readonly webviewTag: boolean;
  };
}

/** A window is a page of Chromium. */
export class BrowserWindow extends EventEmitter {
  private static open = 0;
  readonly webContents = new WebContents();
  private readonly page: Promise<Page>;

  constructor(options: WindowOptions) {
    super();
    const { sandbox, contextIsolation, nodeIntegration, webviewTag, preload } = options.webPreferences;
    if (!sandbox || !contextIsolation || nodeIntegration || webviewTag) {
      throw new Error('The stand-in shows sandboxed, isolated windows without Node and webviews only');
    }
    BrowserWindow.open += 1;
    app.emit('web-contents-created', {}, this.webContents);
    this.page = this.create(options, preload);
  }

  async loadURL(url: string): Promise<void> {
    const page = await this.page;
    await page.goto(toShown(url));
    this.emit('ready-to-show');
  }

  show(): void {
    this.focus();
  }

  focus(): void {
    tell({ t: 'focused' });
    void this.page.then((page) => page.bringToFront());
  }

  isMinimized(): boolean {
    return false;
  }

  restore(): void {
    // Never minimised.
  }

  private async create(options: WindowOptions, preload: string): Promise<Page> {
    const browser = await app.start();
    let isLoaded = false;
    const page = await browser.page((url) => {
      // The first load is the program's own doing and asks nobody.
      const isAllowed = !isLoaded || this.webContents.navigates(url);
      isLoaded = true;
      return isAllowed;
    });
    await page.setViewportSize({ width: options.width, height: options.height });
    await this.webContents.attach(page, pageScript(await readFile(preload, 'utf8')));
    page.on('close', () => {
      BrowserWindow.open -= 1;
      this.emit('closed');
      if (BrowserWindow.open === 0) app.emit('window-all-closed');
    });
    return page;
  }
}
