import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** Where `assay serve` listens while the page is developed with `npm run dev`. */
const API = 'http://127.0.0.1:8000';
const API_PATHS = [
  'analyze',
  'status',
  'events',
  'report',
  'cancel',
  'analyses',
  'models',
  'stages',
  'limits',
  'feedback',
  'session',
];

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { tsconfigPaths: true },
  build: {
    // The content security policy allows files of our own and no data: addresses.
    assetsInlineLimit: 0,
    // Read by scripts/check-size.mjs.
    manifest: true,
  },
  server: { proxy: Object.fromEntries(API_PATHS.map((path) => [`^/${path}(/|$|\\?)`, API])) },
  test: {
    // Analyses and trainings may take every core meanwhile.
    testTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: { name: 'logic', environment: 'node', include: ['src/**/*.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'components',
          environment: 'jsdom',
          include: ['src/**/*.test.tsx'],
          setupFiles: ['src/testing/setup.ts'],
        },
      },
    ],
  },
});
