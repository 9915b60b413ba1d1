// Builds the installers of the computer it runs on: NSIS and MSI on Windows, DMG on macOS. The native part of sqlite3 is
// built where the packages are installed, so an installer for another system would carry the wrong one.
// Further arguments go to electron-builder.
import { join } from 'node:path';
import { root, run, runTool } from './tool.mjs';

const targets = { win32: '--win', darwin: '--mac' }[process.platform];
if (targets === undefined) {
  process.stdout.write('Installers are built on Windows (NSIS, MSI) and macOS (DMG). Here: npm run dist:check.\n');
  process.exit(1);
}
const built = await run(process.execPath, ['build/build.mjs']);
if (built.code !== 0) process.exit(built.code);
const config = join(root, 'build/installer/electron-builder.yml');
const rest = process.argv.slice(2);
const { code } = await runTool('electron-builder', [
  targets,
  ...['--config', config, '--publish', 'never', `--${process.arch}`],
  ...rest,
]);
process.exit(code);
