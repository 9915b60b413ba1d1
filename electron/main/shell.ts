import { app, BrowserWindow, dialog, ipcMain, Menu, Notification, session } from 'electron';
import { channels } from '../preload/channels';
import { EngineSupervisor } from './engine-supervisor';
import { answerKeystore } from './keystore';
import { blockForeignRequests, isOwnSender, refuseEscapes, refusePermissions } from './security';
import { declareScheme, serveWindow } from './scheme';
import { builtFolders, openWindow } from './window';

/** Brings up the desktop program: rules first, then the engine, then the window. */
export async function startShell(): Promise<void> {
  declareScheme();
  refuseEscapes(app);
  const folders = builtFolders(__dirname);
  await app.whenReady();
  Menu.setApplicationMenu(process.platform === 'darwin' ? macMenu() : null);
  refusePermissions(session.defaultSession);
  blockForeignRequests(session.defaultSession);
  serveWindow(session.defaultSession, folders.renderer);

  const engine = new EngineSupervisor({
    engineFile: folders.engine,
    dataFolder: app.getPath('userData'),
    answer: answerKeystore,
    notify: (title, body) => {
      if (Notification.isSupported()) new Notification({ title, body }).show();
    },
    givenUp: (reason) => {
      dialog.showErrorBox('Evenkeel cannot start its engine', `${reason}\n\nNothing was changed on any unit.`);
      app.quit();
    },
  });
  engine.start();

  ipcMain.on(channels.connect, (event) => {
    if (!isOwnSender(event.senderFrame)) return;
    event.sender.postMessage(channels.port, null, [engine.connect()]);
  });

  let window: BrowserWindow | null = open();
  function open(): BrowserWindow {
    const opened = openWindow(folders.preload);
    opened.on('closed', () => {
      window = null;
    });
    return opened;
  }
  app.on('second-instance', () => {
    window ??= open();
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  app.on('activate', () => {
    window ??= open();
  });
  app.on('window-all-closed', () => app.quit());

  let stopped = false;
  app.on('before-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    void engine.stop().finally(() => {
      stopped = true;
      app.quit();
    });
  });
}

function macMenu(): Menu {
  return Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }]);
}
