import { join } from 'node:path';
import { BrowserWindow } from 'electron';
import { origin } from './scheme';

/** The one window: sandboxed, isolated, without Node. */
export function openWindow(preloadFile: string): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 1024,
    minHeight: 640,
    show: false,
    title: 'Evenkeel',
    backgroundColor: '#F6F7F8',
    autoHideMenuBar: true,
    webPreferences: {
      preload: preloadFile,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      devTools: process.env['EVENKEEL_DEVTOOLS'] === '1',
    },
  });
  window.once('ready-to-show', () => window.show());
  void window.loadURL(`${origin}/index.html`);
  return window;
}

/** Where the built parts lie, next to this file's own folder. */
export function builtFolders(mainFolder: string): { renderer: string; preload: string; engine: string } {
  return {
    renderer: join(mainFolder, '..', 'renderer'),
    preload: join(mainFolder, '..', 'preload', 'preload.cjs'),
    engine: join(mainFolder, '..', 'engine', 'engine-process.mjs'),
  };
}
