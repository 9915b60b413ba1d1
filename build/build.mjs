// Builds everything into out/: the engine, the command line and the web host for Node, main and preload for Electron,
// and the window. Plain Vite. With --if-stale nothing is done while out/ is newer than every source.
import { cpSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { build } from 'vite';
import { root } from './tool.mjs';

const external = [/^node:/, ...builtinModules, 'electron', /^sqlite3/, /^ssh2/, /^electron-log/, /^cpu-features/];
const out = join(root, 'out');
const stamp = join(out, '.built');

/** One file for Node. ES modules, except where Electron wants CommonJS: a sandboxed preload cannot be a module. */
function nodeBuild(name, entry, format = 'es') {
  return {
    name,
    configFile: false,
    root,
    logLevel: 'warn',
    ssr: { noExternal: true, external: ['electron', 'sqlite3', 'ssh2', 'electron-log', 'cpu-features'] },
    build: {
      ssr: true,
      target: 'node20',
      outDir: join(out, name),
      emptyOutDir: true,
      minify: false,
      sourcemap: true,
      rollupOptions: {
        external,
        input: join(root, entry),
        output: {
          format,
          entryFileNames: `[name].${format === 'es' ? 'mjs' : 'cjs'}`,
          codeSplitting: false,
          // The command line is started by its name.
          ...(name === 'cli' && { banner: '#!/usr/bin/env node' }),
        },
      },
    },
  };
}

function newest(folder) {
  let time = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    time = Math.max(time, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return time;
}

function isStale() {
  if (!existsSync(stamp)) return true;
  const sources = ['shared', 'electron', 'renderer', 'build'].map((folder) => newest(join(root, folder)));
  return Math.max(...sources, statSync(join(root, 'package-lock.json')).mtimeMs) > statSync(stamp).mtimeMs;
}

if (!process.argv.includes('--if-stale') || isStale()) {
  const started = Date.now();
  process.stdout.write('Building\n');
  rmSync(stamp, { force: true });
  const targets = [
    nodeBuild('engine', 'electron/engine/engine-process.ts'),
    nodeBuild('cli', 'electron/cli/evenkeel.ts'),
    nodeBuild('web-host', 'electron/web-host/serve.ts'),
    nodeBuild('main', 'electron/main/main.ts', 'cjs'),
    nodeBuild('preload', 'electron/preload/preload.ts', 'cjs'),
    { name: 'renderer', configFile: join(root, 'build/vite.renderer.config.ts'), logLevel: 'warn' },
  ];
  const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
  for (const { name, ...target } of targets) {
    if (wanted.length === 0 || wanted.includes(name)) await build(target);
  }
  // Scripts for Windows servers are data: they lie beside every bundle that runs the engine.
  const scripts = join(root, 'electron/engine/windows/scripts');
  if (existsSync(scripts)) {
    for (const host of ['engine', 'cli', 'web-host']) {
      cpSync(scripts, join(out, host, 'scripts'), { recursive: true, filter: (path) => !path.endsWith('.ts') });
    }
  }
  writeFileSync(stamp, '');
  process.stdout.write(`Built in ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
}
