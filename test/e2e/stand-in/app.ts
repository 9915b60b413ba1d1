import { EventEmitter } from 'node:events';
import { Browser } from './browser';
import { dataVariable } from './control';
import { lockFolder } from './instance-lock';
import { isPrevented } from './preventable';

/** The application's life: one instance, a browser in place of windows, an orderly end. */
class App extends EventEmitter {
  readonly isPackaged = true;
  private browser: Promise<Browser> | null = null;
  private ended = false;

  requestSingleInstanceLock(): boolean {
    return lockFolder(this.getPath('userData'), () => this.emit('second-instance', {}, [], ''));
  }

  async whenReady(): Promise<void> {
    await this.start();
  }

  /** The browser behind every window; started once. */
  start(): Promise<Browser> {
    this.browser ??= Browser.launch();
    return this.browser;
  }

  getPath(name: string): string {
    const folder = process.env[dataVariable];
    if (name !== 'userData' || folder === undefined) throw new Error(`The stand-in has no folder for ${name}`);
    return folder;
  }

  quit(): void {
    if (this.ended) return;
    if (isPrevented((event) => this.emit('before-quit', event))) return;
    this.ended = true;
    void this.finish();
  }

  private async finish(): Promise<void> {
    await (await this.browser)?.close();
    process.exit(0);
  }
}

export const app = new App();
process.on('SIGTERM', () => app.quit());
process.on('disconnect', () => app.quit());
