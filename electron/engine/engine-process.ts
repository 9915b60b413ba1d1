import { createEngine } from './engine';
import { electronPort, type ParentPort } from './host/electron-port';
import { RemoteDesktop } from './host/remote-desktop';
import { hostMessage } from './host/messages';
import { version } from './version';

// The engine in a process of its own, below the desktop program's main process. Main sends it one port a window and
// answers what only the desktop can do.

const parent = (process as NodeJS.Process & { parentPort?: ParentPort }).parentPort;
const dataFolder = process.argv[2];
if (parent === undefined || dataFolder === undefined) throw new Error('The engine process is started by the desktop.');

const desktop = new RemoteDesktop((message) => parent.postMessage(message));
const ready = createEngine({ dataFolder, desktop, version });

parent.on('message', (event) => {
  const message = hostMessage.safeParse(event.data);
  if (!message.success) return;
  switch (message.data.t) {
    case 'window': {
      const [port] = event.ports;
      if (port !== undefined)
        void ready.then(
          (engine) => engine.serve(electronPort(port)),
          () => port.close(),
        );
      return;
    }
    case 'desktop-reply':
      return desktop.take(message.data);
    case 'stop':
      return void ready.then((engine) => engine.close()).finally(() => process.exit(0));
  }
});

ready.then(
  () => parent.postMessage({ t: 'started' }),
  (error: unknown) => {
    // Main shows this in a dialog, since there is no window to show it in.
    const shape =
      error instanceof Error ? { name: error.name, message: error.message } : { name: 'Error', message: '' };
    const details = error instanceof Error && 'toShape' in error && typeof error.toShape === 'function';
    parent.postMessage({ t: 'failed', error: details ? (error as { toShape(): unknown }).toShape() : shape });
    process.exitCode = 1;
  },
);
