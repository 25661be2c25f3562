// Builds the page into dist: one script, one style sheet, names that stay, so that a strict policy can list what is loaded.
import { defineConfig } from 'vite';

export default defineConfig({
  // Below any path: of an ingress, of the API server's proxy.
  base: './',
  build: {
    target: 'es2023',
    outDir: 'dist',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    // No data: URLs; the policy forbids them.
    assetsInlineLimit: 0,
    license: { fileName: 'licenses.txt' },
    rolldownOptions: {
      output: {
        entryFileNames: 'page.js',
        chunkFileNames: '[name].js',
        assetFileNames: 'page[extname]',
      },
    },
  },
});
