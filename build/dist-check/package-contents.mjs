// What is in the packed application: everything it needs to run, and nothing of its making.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { extractAll, listPackage } from '@electron/asar';

const required = [
  '/package.json',
  '/LICENSE',
  '/out/main/main.cjs',
  '/out/preload/preload.cjs',
  '/out/engine/engine-process.mjs',
  '/out/engine/scripts/common.ps1',
  '/out/engine/scripts/read-state.ps1',
  '/out/renderer/index.html',
];
const packages = [
  ...['asn1', 'bcrypt-pbkdf', 'bindings', 'electron-log', 'file-uri-to-path', 'safer-buffer', 'sqlite3', 'ssh2'],
  'tweetnacl',
];
const forbidden = [
  [/\.(ts|mts|cts|svelte|map|md|gyp|c|cc|h|py|sh|bat|exe)$/, 'sources, maps or tools'],
  [/^\/out\/(web-host|cli)\b/, 'ways in that are not part of the desktop program'],
  [/\/(test|tests|__tests__|example|examples|docs|\.github)\//, 'tests and papers'],
  [/^\/(build|electron|renderer|shared|test|docs|\.ci|\.cache)\//, 'the project itself'],
];

/** Gives back one line a fault. */
export function contentFaults(asarFile) {
  const files = listPackage(asarFile, { isPack: false }).map((path) => path.replaceAll('\\', '/'));
  const faults = required.filter((path) => !files.includes(path)).map((path) => `missing: ${path}`);
  for (const path of files) {
    const reason = forbidden.find(([pattern]) => pattern.test(path))?.[1];
    if (reason !== undefined) faults.push(`${reason}: ${path}`);
  }
  const found = new Set(files.map((path) => /^\/node_modules\/([^/@]+|@[^/]+\/[^/]+)/.exec(path)?.[1]));
  found.delete(undefined);
  for (const name of found) if (!packages.includes(name)) faults.push(`package that nothing loads: ${name}`);
  for (const name of packages) if (!found.has(name)) faults.push(`missing package: ${name}`);
  const native = files.filter((path) => path.endsWith('.node'));
  if (native.length === 0) faults.push('missing: the native part of sqlite3');
  for (const path of native) {
    if (!existsSync(join(`${asarFile}.unpacked`, path))) faults.push(`native file inside the archive: ${path}`);
  }
  return { faults, count: files.length, size: statSync(asarFile).size };
}

/** Loads the packages that the engine's bundle leaves outside, from the packed files alone. */
export function loadFault(asarFile, folder) {
  extractAll(asarFile, folder);
  const code = "await import('sqlite3'); await import('ssh2'); await import('electron-log/node');";
  const result = spawnSync(process.execPath, ['--input-type=module', '-e', code], { cwd: folder, encoding: 'utf8' });
  return result.status === 0 ? null : (/^\S*Error.*$/m.exec(result.stderr)?.[0] ?? result.stderr);
}
