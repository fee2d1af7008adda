/** Bundles a test page's script: vite build --config tests/pages/vite.config.js --outDir DIR */
import path from 'node:path';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  logLevel: 'error',
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    minify: false,
    lib: {
      entry: path.join(import.meta.dirname, 'media.js'),
      formats: ['iife'],
      name: 'page',
      fileName: () => 'page.js',
    },
  },
});
