import { defineConfig } from 'vitest/config';
import { zones } from './zones.mjs';

/** The tests of the zone that is under way: run.mjs says which. */
export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: { include: zones[process.env.ZONE].tests, setupFiles: ['test/mutation/first-failure.mjs'], testTimeout: 20_000 },
});
