import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** The window over a fake engine, built to a folder of its own; never part of the product. */
export default defineConfig({
  root: path('./page'),
  base: './',
  plugins: [svelte({ configFile: false })],
  build: { outDir: path('../../../.cache/harness'), emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0 },
});
