import { join } from 'node:path';
import { app } from 'electron';
import { startShell } from './shell';

// Run from its sources the program would be called Electron and share the folder of every other one run so.
if (!app.isPackaged && !app.commandLine.hasSwitch('user-data-dir')) {
  app.setName('Evenkeel');
  app.setPath('userData', join(app.getPath('appData'), 'Evenkeel'));
}

// One Evenkeel at a time: a second start shows the window of the first.
if (app.requestSingleInstanceLock()) {
  void startShell();
} else {
  app.quit();
}
