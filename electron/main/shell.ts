import { app, type BrowserWindow, dialog, ipcMain, Menu, Notification, session } from 'electron';
import { channels } from '../preload/channels';
import { EngineSupervisor } from './engine-supervisor';
import { answerKeystore, keystoreFailed } from './keystore';
import { blockForeignRequests, isOwnSender, refuseEscapes, refusePermissions } from './security';
import { declareScheme, serveWindow } from './scheme';
import { builtFolders, openWindow } from './window';

/** Brings up the desktop program: rules first, then the engine, then the window. */
export async function startShell(): Promise<void> {
  declareScheme();
  // Windows shows notifications of programs only under the name that the installer gave the shortcut.
  if (process.platform === 'win32') app.setAppUserModelId('org.evenkeel.desktop');
  refuseEscapes(app);
  const folders = builtFolders(__dirname);
  await app.whenReady();
  setMenu();
  refusePermissions(session.defaultSession);
  blockForeignRequests(session.defaultSession);
  serveWindow(session.defaultSession, folders.renderer);

  const engine = new EngineSupervisor({
    engineFile: folders.engine,
    dataFolder: app.getPath('userData'),
    answer: answerKeystore,
    refused: keystoreFailed,
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
    const { sender } = event;
    engine.connect(sender, (port) => {
      if (sender.isDestroyed()) port.close();
      else sender.postMessage(channels.port, null, [port]);
    });
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

/** macOS needs a menu for copy, paste and quit; elsewhere the window has none. */
function setMenu(): void {
  if (process.platform !== 'darwin') return Menu.setApplicationMenu(null);
  Menu.setApplicationMenu(Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }]));
}
