import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openLocalEngine } from '#engine/host/local-engine';
import { defaultDataFolder } from '#engine/host/data-folder';
import { startWebHost } from './index';

// Serves the window to a browser on this computer. Prints one line with the address, then goes on until interrupted.

const { values } = parseArgs({
  options: { data: { type: 'string' }, window: { type: 'string' }, port: { type: 'string' } },
});
const dataFolder = values.data ?? defaultDataFolder();
const engine = await openLocalEngine({ dataFolder });
const host = await startWebHost({
  windowFolder: values.window ?? join(import.meta.dirname, '..', 'renderer'),
  incomingFolder: join(dataFolder, 'incoming'),
  serve: (port) => engine.serve(port),
  port: values.port === undefined ? 0 : Number(values.port),
  report: (error, step) => engine.report(error, step),
});
process.stdout.write(`Evenkeel: ${host.url}\n`);

let ending = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (ending) return;
    ending = true;
    void host
      .close()
      .then(() => engine.close())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  });
}
