// Opens Evenkeel: the desktop window where the Electron runtime is there or can be fetched, else the same application
// in an installed browser, else its address on standard output. `--rehearse` runs the main job without a window.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, run } from './tool.mjs';

const args = process.argv.slice(2);
const json = args.includes('--json');
const say = (text) => (json ? process.stderr : process.stdout).write(`${text}\n`);

const built = spawnSync(process.execPath, [join(root, 'build/build.mjs'), '--if-stale'], {
  cwd: root,
  stdio: ['ignore', json ? 2 : 'inherit', 'inherit'],
});
if (built.status !== 0) process.exit(built.status ?? 1);

if (args.includes('--rehearse')) {
  const rest = args.filter((word) => word !== '--rehearse');
  const { code } = await run(process.execPath, [join(root, 'out/cli/evenkeel.mjs'), 'rehearse', ...rest]);
  process.exit(code);
}

const electron = args.includes('--web') ? null : electronFile();
if (electron !== null) {
  const { code } = await run(electron, [...electronArguments(), join(root, 'out/main/main.cjs')]);
  process.exit(code);
}
say('The Electron runtime is not here: opening the same application in a browser on this computer.');
serveToBrowser();

/** The runtime's executable; fetched once where that is possible. */
function electronFile() {
  const folder = join(root, 'node_modules/electron');
  const found = () => {
    const pathFile = join(folder, 'path.txt');
    if (!existsSync(pathFile)) return null;
    const file = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim());
    return existsSync(file) ? file : null;
  };
  if (found() === null && existsSync(join(folder, 'install.js'))) {
    spawnSync(process.execPath, [join(folder, 'install.js')], { stdio: 'ignore', timeout: 120_000 });
  }
  return found();
}

/** Chromium refuses its sandbox to root on Linux; the data folder is Electron's own switch. */
function electronArguments() {
  const data = args.indexOf('--data');
  return [
    ...(process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ...(data >= 0 && args[data + 1] !== undefined ? [`--user-data-dir=${args[data + 1]}`] : []),
  ];
}

function serveToBrowser() {
  const dataArguments = args.filter((word) => word !== '--web');
  const host = spawn(process.execPath, [join(root, 'out/web-host/serve.mjs'), ...dataArguments], {
    stdio: ['inherit', 'pipe', 'inherit'],
  });
  let opened = false;
  host.stdout.on('data', (chunk) => {
    process.stdout.write(chunk);
    const url = /^Evenkeel: (\S+)$/m.exec(String(chunk))?.[1];
    if (url !== undefined && !opened) {
      opened = true;
      openBrowser(url);
    }
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => host.kill(signal));
  host.on('close', (code) => process.exit(code ?? 0));
}

/**
 * The address carries the token, and other people on this computer can read a process's arguments: the browser gets
 * the name of a private file that leads on to the address.
 */
function openBrowser(url) {
  const command = browserCommand();
  if (command === null) return say('No display or no browser found: open the address above.');
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'));
  const page = join(folder, 'open.html');
  writeFileSync(
    page,
    `<!doctype html><meta charset="utf-8"><script>location.replace(${JSON.stringify(url)})</script>`,
    {
      mode: 0o600,
    },
  );
  const [program, ...first] = command;
  const browser = spawn(program, [...first, pathToFileURL(page).href], { stdio: 'ignore', detached: true });
  browser.on('error', () => say('The browser did not start: open the address above.'));
  browser.unref();
  setTimeout(() => rmSync(folder, { recursive: true, force: true }), 30_000).unref();
}

function browserCommand() {
  if (process.platform === 'darwin') return ['open'];
  if (process.platform === 'win32') return ['explorer.exe'];
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return null;
  const found = ['xdg-open', 'chromium', 'google-chrome', 'firefox'].find(
    (name) => spawnSync('which', [name], { stdio: 'ignore' }).status === 0,
  );
  if (found === undefined) return null;
  return found === 'chromium' && process.getuid?.() === 0 ? [found, '--no-sandbox'] : [found];
}
