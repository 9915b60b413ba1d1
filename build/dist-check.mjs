// Proves the installers without a network: the configuration, the packed files, the fuses, and the installer's script.
// The program itself is a stub, and so are the tools that electron-builder would fetch; see build/dist-check/.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentFaults, loadFault } from './dist-check/package-contents.mjs';
import { fuseFaults } from './dist-check/fuses.mjs';
import { writeStubElectron } from './dist-check/stub-electron.mjs';
import { writeStubTools } from './dist-check/stub-tools.mjs';
import { root, run, toolFile } from './tool.mjs';

const require = createRequire(import.meta.url);
const { load } = require('js-yaml');
const { validateConfiguration } = require('app-builder-lib/out/util/config/config');
const { DebugLogger } = require('builder-util');

const configFile = join(root, 'build/installer/electron-builder.yml');
const config = load(readFileSync(configFile, 'utf8'));
const makensis = '/usr/bin/makensis';
const folder = mkdtempSync(join(tmpdir(), 'evenkeel-dist-'));
let failed = 0;

try {
  const built = await run(process.execPath, ['build/build.mjs', '--if-stale']);
  if (built.code !== 0) report('build', ['the product does not build']);
  else {
    await checkSchema();
    const electron = join(folder, 'electron');
    writeStubElectron(electron, require('electron/package.json').version);
    const dist = join(folder, 'dist');
    const isCompiled = process.platform === 'linux' && existsSync(makensis);
    if (pack(isCompiled ? 'nsis' : 'dir', electron, dist, isCompiled)) await checkPackage(dist, isCompiled);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(failed === 0 ? 0 : 1);

function report(name, faults, facts = '') {
  process.stdout.write(`${faults.length === 0 ? 'ok' : 'FAILED'}: ${name}${facts === '' ? '' : ` (${facts})`}\n`);
  for (const fault of faults) process.stdout.write(`  ${fault}\n`);
  if (faults.length > 0) failed += 1;
}

async function checkSchema() {
  const faultOf = (value) =>
    validateConfiguration(value, new DebugLogger(false)).then(
      () => [],
      (error) => [error.message],
    );
  report('configuration of NSIS, MSI and DMG', await faultOf(config));
  const refused = await faultOf({ ...config, nsis: { ...config.nsis, perMaschine: true } });
  report('a misspelt setting is refused', refused.length > 0 ? [] : ['the schema took an unknown setting']);
}

function pack(target, electron, dist, isCompiled) {
  const tools = isCompiled ? writeStubTools(join(folder, 'tools'), makensis) : {};
  const result = spawnSync(
    process.execPath,
    [
      toolFile('electron-builder'),
      ...['--win', target, '--x64', '--publish', 'never', '--config', configFile],
      ...[`-c.electronDist=${electron}`, `-c.directories.output=${dist}`],
    ],
    { cwd: root, encoding: 'utf8', env: { ...process.env, ...tools, CSC_IDENTITY_AUTO_DISCOVERY: 'false' } },
  );
  if (result.status !== 0) report('packing for Windows', [`${result.stdout}${result.stderr}`]);
  return result.status === 0;
}

async function checkPackage(dist, isCompiled) {
  const unpacked = join(dist, 'win-unpacked');
  const asarFile = join(unpacked, 'resources/app.asar');
  const contents = contentFaults(asarFile);
  report(
    'files of the package',
    contents.faults,
    `${contents.count} entries, ${(contents.size / 2 ** 20).toFixed(1)} MiB`,
  );
  const fault = loadFault(asarFile, join(folder, 'extracted'));
  report('packages load from the packed files', fault === null ? [] : [fault]);
  const fuses = await fuseFaults(join(unpacked, 'Evenkeel.exe'), config.electronFuses);
  report('fuses', fuses.faults, `${fuses.count} as configured`);
  if (!isCompiled) {
    process.stdout.write("skipped: the installer's script (makensis on Linux is missing)\n");
    return;
  }
  // electron-builder stops on any warning of makensis (-WX), so an installer that is there was compiled cleanly.
  const installer = readdirSync(dist).find((file) => file.endsWith('.exe'));
  report(
    "the installer's script",
    installer === undefined ? ['no installer was written'] : [],
    'makensis, no warnings',
  );
}
