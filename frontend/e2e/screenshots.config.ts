import { defineConfig } from 'vitest/config';
import base from './vitest.config';

/** Pictures of every screen and state, for people to look at. */
export default defineConfig({ test: { ...base.test, include: ['e2e/screenshots.ts'] } });
