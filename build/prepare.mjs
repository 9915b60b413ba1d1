// Makes a clean clone ready: installs the packages when they are missing or older than the lock file, and, on Debian
// as root, the system packages that building and testing use. Only Node's own modules, because nothing else is there.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const forTests = process.env.npm_lifecycle_event === 'pretest' || process.argv.includes('--tests');

/** Debian packages, the file that shows each is there, and what is skipped without it. */
const systemPackages = [
  { name: 'libsqlite3-dev', shows: '/usr/include/sqlite3.h', needs: 'a quick build of sqlite3', always: true },
  { name: 'python3', shows: '/usr/bin/python3', needs: 'building sqlite3', always: true },
  { name: 'make', shows: '/usr/bin/make', needs: 'building sqlite3', always: true },
  { name: 'g++', shows: '/usr/bin/g++', needs: 'building sqlite3', always: true },
  { name: 'chromium', shows: '/usr/bin/chromium', needs: 'end-to-end tests' },
  { name: 'openssh-server', shows: '/usr/sbin/sshd', needs: 'tests against OpenSSH' },
  { name: 'openssh-client', shows: '/usr/bin/ssh', needs: 'tests against OpenSSH' },
  { name: 'curl', shows: '/usr/bin/curl', needs: 'tests of the practice appliance with curl' },
  { name: 'gss-ntlmssp', shows: '/etc/gss/mech.d/mech.ntlmssp.conf', needs: 'tests against gss-ntlmssp' },
  { name: 'python3-gssapi', shows: '/usr/lib/python3/dist-packages/gssapi', needs: 'tests against gss-ntlmssp' },
  { name: 'python3-winrm', shows: '/usr/lib/python3/dist-packages/winrm', needs: 'tests with pywinrm' },
  { name: 'dcmtk', shows: '/usr/bin/storescp', needs: 'tests of DICOM against dcmtk' },
  { name: 'orthanc', shows: '/usr/sbin/Orthanc', needs: 'tests of DICOM against Orthanc' },
  { name: 'iputils-arping', shows: '/usr/bin/arping', needs: 'tests of who answers ARP' },
  {
    name: 'samba-ad-provision',
    shows: '/usr/share/samba/setup/ad-schema',
    needs: 'tests against the acceptor of Samba',
  },
  {
    name: 'samba-dsdb-modules',
    shows: '/usr/share/doc/samba-dsdb-modules',
    needs: 'tests against the acceptor of Samba',
  },
  {
    name: 'python3-samba',
    shows: '/usr/lib/python3/dist-packages/samba',
    needs: 'tests against the acceptor of Samba',
  },
  { name: 'ndisc6', shows: '/usr/bin/ndisc6', needs: 'tests of who answers neighbour solicitation' },
  { name: 'iproute2', shows: '/usr/sbin/ip', needs: 'the network lab' },
  { name: 'nftables', shows: '/usr/sbin/nft', needs: 'the network lab' },
  { name: 'iputils-arping', shows: '/usr/bin/arping', needs: 'the network lab' },
  { name: 'apache2', shows: '/usr/sbin/apache2', needs: 'the network lab' },
  { name: 'dcmtk', shows: '/usr/bin/storescp', needs: 'the network lab' },
  { name: 'openssl', shows: '/usr/bin/openssl', needs: 'the network lab' },
  { name: 'nsis', shows: '/usr/bin/makensis', needs: 'checking the Windows installer' },
];

const say = (text) => process.stdout.write(`${text}\n`);

function installSystemPackages() {
  const wanted = systemPackages.filter((p) => (p.always || forTests) && !existsSync(p.shows));
  if (wanted.length === 0) return;
  const isDebian = existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');
  if (!isDebian || process.getuid?.() !== 0) {
    const optional = wanted.filter((p) => !p.always || process.platform === 'linux');
    if (optional.length > 0) say(`Not installed: ${optional.map((p) => `${p.name} (${p.needs})`).join(', ')}.`);
    return;
  }
  const names = wanted.map((p) => p.name);
  say(`Installing system packages: ${names.join(' ')}`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) =>
    spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 'ignore', 'inherit'], env: environment });
  apt('update');
  // Services that the packages bring are not started: the tests run their own copies on ports of their own.
  const result = apt('install', '-y', '--no-install-recommends', ...names);
  if (result.status !== 0) say('Some system packages could not be installed; tests that need them are skipped.');
}

function packagesAreCurrent() {
  const marker = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(marker)) return false;
  if (statSync(marker).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs) return true;
  // A checkout can make the lock file look newer than it is: the packages themselves decide.
  if (!sameVersions(marker)) return false;
  const now = new Date();
  utimesSync(marker, now, now);
  return true;
}

function sameVersions(marker) {
  const installed = JSON.parse(readFileSync(marker, 'utf8')).packages;
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(locked).every(
    ([path, entry]) => path === '' || entry.optional === true || installed[path]?.version === entry.version,
  );
}

function installPackages() {
  say('Installing packages (npm ci). This takes one to three minutes the first time.');
  const environment = { ...process.env, npm_config_audit: 'false', npm_config_fund: 'false' };
  // Where the headers of Node and SQLite are on this system, the native part builds from them in seconds.
  if (existsSync('/usr/include/sqlite3.h')) {
    environment.npm_config_sqlite = '/usr';
    environment.npm_config_build_from_source = 'true';
  }
  if (existsSync('/usr/include/node/node_api.h')) environment.npm_config_nodedir = '/usr';
  const npm = process.env.npm_execpath;
  const [command, args] = npm === undefined ? ['npm', ['ci']] : [process.execPath, [npm, 'ci']];
  const started = Date.now();
  const ticker = setInterval(() => say(`  still installing, ${Math.round((Date.now() - started) / 1000)} s`), 10_000);
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env: environment, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('close', (code) => {
      clearInterval(ticker);
      resolve(code ?? 1);
    });
  });
}

installSystemPackages();
if (!packagesAreCurrent()) {
  const code = await installPackages();
  if (code !== 0) {
    say('The packages could not be installed; the lines above say why.');
    process.exit(code);
  }
}
