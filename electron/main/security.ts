import type { App, Session } from 'electron';
import { origin } from './scheme';

/** Every request of the window that is not for its own scheme is blocked, whatever asks for it. */
export function blockForeignRequests(session: Session): void {
  session.webRequest.onBeforeRequest((details, callback) => {
    callback({ cancel: isForeign(details.url) });
  });
}

/** Not foreign: the window's own scheme, what the page made itself (a file to save), pictures that stand in the page. */
export function isForeign(url: string): boolean {
  return ![`${origin}/`, `blob:${origin}/`, 'data:image/'].some((start) => url.startsWith(start));
}

/** The window needs no permission of the system's. */
export function refusePermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
}

/** No navigation away, no further windows, no webviews: for the window and whatever else may come to be. */
export function refuseEscapes(app: App): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => {
      if (!event.url.startsWith(`${origin}/`)) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

/** Does a message come from the top frame of our own page? */
export function isOwnSender(frame: { readonly url: string; readonly parent: unknown } | null): boolean {
  return frame !== null && frame.parent === null && frame.url.startsWith(`${origin}/`);
}
