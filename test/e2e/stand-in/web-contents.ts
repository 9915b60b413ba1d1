import { EventEmitter } from 'node:events';
import type { Frame, Page } from '@playwright/test';
import { toOwn } from './address';
import { tell } from './control';
import { isPrevented } from './preventable';
import { RemoteEnds, type PortMain } from './message-port';
import { bindingName, filesName, receiverName, type FromPage, type ToPage } from './page-world';

/** `ipcMain.on` receives what preloads send, with the frame it came from. */
export const ipcMain = new EventEmitter();

type OpenHandler = (details: { readonly url: string }) => { readonly action: 'allow' | 'deny' };

/** What a window shows: the messages of its page and the decisions about where it may go. */
export class WebContents extends EventEmitter {
  private readonly ends = new RemoteEnds();
  private readonly outbox: ToPage[] = [];
  private sending = false;
  private page: Page | null = null;
  private openHandler: OpenHandler = () => ({ action: 'allow' });

  setWindowOpenHandler(handler: OpenHandler): void {
    this.openHandler = handler;
  }

  /** May the window go there? Asks as Electron does: by an event that can be prevented. */
  navigates(url: string): boolean {
    return !isPrevented((event) => this.emit('will-navigate', { url, ...event }));
  }

  postMessage(channel: string, data: unknown, ports: readonly PortMain[] = []): void {
    const ids = ports.map((port) =>
      this.ends.add(port, {
        message: (id, sent) => this.send({ t: 'port', id, data: sent }),
        closed: (id) => this.send({ t: 'port-closed', id }),
      }),
    );
    if (ports.length > 0) tell({ t: 'port', frame: this.page === null ? '' : toOwn(this.page.url()) });
    this.send({ t: 'message', channel, data, ports: ids });
  }

  isDestroyed(): boolean {
    return this.page?.isClosed() ?? false;
  }

  async attach(page: Page, script: string): Promise<void> {
    this.page = page;
    await page.exposeBinding(bindingName, ({ frame }, message: FromPage) => this.take(frame, message));
    await page.addInitScript({ content: script });
    page.on('close', () => this.ends.closeAll());
    page.on('popup', (popup) => void this.decide(popup));
  }

  private async decide(popup: Page): Promise<void> {
    const url = toOwn(popup.url());
    if (this.openHandler({ url }).action === 'allow') return;
    tell({ t: 'refused', what: 'window', url });
    await popup.close();
  }

  private take(frame: Frame, message: FromPage): Promise<string> | undefined {
    const id = message.id ?? 0;
    switch (message.t) {
      case 'document':
        // What the document before it held is gone with it.
        this.ends.closeAll();
        return undefined;
      case 'send': {
        const senderFrame = { url: toOwn(frame.url()), parent: frame.parentFrame() };
        ipcMain.emit(message.channel ?? '', { sender: this, senderFrame }, message.data);
        return undefined;
      }
      case 'port':
        this.ends.message(id, message.data);
        return undefined;
      case 'port-closed':
        this.ends.closed(id);
        return undefined;
      case 'path':
        return this.pathOf(id);
    }
  }

  private async pathOf(index: number): Promise<string> {
    const { page } = this;
    if (page === null) return '';
    const devtools = await page.context().newCDPSession(page);
    const { result } = await devtools.send('Runtime.evaluate', { expression: `${filesName}[${index}]` });
    if (result.objectId === undefined) return '';
    const { path } = await devtools.send('DOM.getFileInfo', { objectId: result.objectId });
    await devtools.detach();
    return path;
  }

  private send(message: ToPage): void {
    this.outbox.push(message);
    if (!this.sending) void this.deliver();
  }

  /** In order, and everything that waits in one go. */
  private async deliver(): Promise<void> {
    this.sending = true;
    while (this.outbox.length > 0 && this.page !== null && !this.page.isClosed()) {
      const messages = this.outbox.splice(0);
      await this.page
        .evaluate(([name, given]) => (Reflect.get(window, name) as ((list: unknown) => void) | undefined)?.(given), [
          receiverName,
          messages,
        ] as const)
        // The page went on to another document or closed: what was meant for it is of no use.
        .catch(() => undefined);
    }
    this.sending = false;
  }
}
