import { defineConfig } from 'vitest/config';

/** The page in a real Chromium, against the real service. */
export default defineConfig({
  test: {
    include: ['e2e/**/*.e2e.ts'],
    globalSetup: ['e2e/service.ts'],
    // One browser at a time: the analyses already take every core.
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 300_000,
  },
});
