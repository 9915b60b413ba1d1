import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** The window: plain files under out/renderer that any host can serve with a strict content security policy. */
export default defineConfig({
  root: path('../renderer'),
  base: './',
  plugins: [svelte({ configFile: false })],
  build: {
    outDir: path('../out/renderer'),
    emptyOutDir: true,
    target: 'es2022',
    // Nothing is inlined: the policy allows no data: addresses and no scripts in the page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
  },
});
