// The module named `electron` of the tests: as much of its face as main and preload use.
export { app } from './app';
export { BrowserWindow } from './browser-window';
export { ipcMain } from './web-contents';
export { protocol, session } from './session';
export { MessageChannelMain } from './message-port';
export { utilityProcess } from './utility-process';
export { dialog, Menu, Notification, safeStorage } from './desktop';
