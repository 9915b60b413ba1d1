// What electron-builder would fetch to make an NSIS installer: makensis (Debian's), its plug-ins (names only), elevate,
// 7-Zip and wine (scripts that leave a file where one is expected). The scripts of the installer are compiled for real.
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from '../tool.mjs';
import { stubPlugin } from './stub-plugin.mjs';

const templates = join(root, 'node_modules/app-builder-lib/templates/nsis');

/** Writes the tools below `folder` and gives back the environment that makes electron-builder use them. */
export function writeStubTools(folder, makensis) {
  const bundle = join(folder, 'nsis');
  const plugins = join(folder, 'resources/plugins/x86-unicode');
  const programs = join(folder, 'bin');
  for (const path of [bundle, plugins, programs]) mkdirSync(path, { recursive: true });

  script(join(bundle, 'makensis'), `exec ${makensis} "$@"`);
  writeFileSync(join(bundle, 'elevate.exe'), 'stub');
  for (const [name, functions] of pluginCalls()) {
    writeFileSync(join(plugins, `${name}.dll`), stubPlugin(`${name}.dll`, functions));
  }
  // 7za a <options> <archive> <files>: the archive is the argument that ends in .7z.
  const archiver = join(programs, '7za');
  script(archiver, 'for word in "$@"; do case "$word" in *.7z) printf stub >>"$word" ;; esac; done');
  // wine <installer>: the first pass of the installer writes the uninstaller beside itself.
  script(join(programs, 'wine'), 'printf stub >"${1%exe}__uninstaller.exe"');

  return {
    ELECTRON_BUILDER_NSIS_DIR: bundle,
    ELECTRON_BUILDER_NSIS_RESOURCES_DIR: join(folder, 'resources'),
    ELECTRON_BUILDER_7ZIP_PATH: archiver,
    PATH: `${programs}${delimiter}${process.env.PATH ?? ''}`,
  };
}

/** Every plug-in call of the templates that Debian's NSIS has no plug-in for. */
function pluginCalls() {
  const own = new Set(readdirSync('/usr/share/nsis/Plugins/x86-unicode').map((file) => file.replace(/\.dll$/, '')));
  const calls = new Map();
  for (const file of readdirSync(templates, { recursive: true })) {
    const path = join(templates, file);
    if (!/\.ns[ih]$/.test(file) || !statSync(path).isFile()) continue;
    for (const [, plugin, name] of readFileSync(path, 'utf8').matchAll(/^\s*(\w+)::(\w+)/gm)) {
      if (!own.has(plugin)) calls.set(plugin, (calls.get(plugin) ?? new Set()).add(name));
    }
  }
  return calls;
}

function script(path, line) {
  writeFileSync(path, `#!/bin/sh\n${line}\n`);
  chmodSync(path, 0o755);
}
