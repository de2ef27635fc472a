import { defineConfig } from 'vitest/config';

/** Suites that need a real engine. They share one machine, so their files run one after another. */
const withEngine = ['test/engine-contract/**/*.test.ts', 'test/e2e/**/*.test.ts'];

/** Faults of all kinds, each many times, on real engines: docs/reliability.md. */
const withFaults = ['test/reliability/real/**/*.test.ts'];

const root = new URL('..', import.meta.url).pathname;

/** How much longer the laws are tried than usual: test/kit/worlds.ts. */
const depth = Number(process.env['TEST_DEPTH'] ?? 1);

/** The simulated half of the reliability harness: many cases, and minutes rather than seconds. */
const simulated = ['test/reliability/simulated/**/*.test.ts'];

const long = { testTimeout: 1_800_000 * Math.max(1, depth), hookTimeout: 120_000 * depth };
const core = {
  root,
  name: 'core',
  include: ['test/**/*.test.ts'],
  exclude: ['**/node_modules/**', ...withEngine, ...withFaults, ...simulated],
  testTimeout: 120_000 * depth,
  // Most of these files take less time than it takes to load again what they test: no file leaves anything behind for the next one
  isolate: false,
};
const reliabilitySimulated = { root, name: 'reliability-simulated', include: simulated, ...long };
const engine = {
  root,
  name: 'engine',
  include: withEngine,
  fileParallelism: false,
  testTimeout: 180_000,
  hookTimeout: 180_000,
  // Docker 20.10 has races of its own (a count of endpoints that it never corrects). Vitest names what passed only the second time
  retry: process.env['CI'] ? 1 : 0,
};

const reliability = {
  root,
  name: 'reliability',
  include: withFaults,
  testTimeout: 1_800_000 * Math.max(1, depth),
  hookTimeout: 180_000,
  retry: engine.retry,
};

/** Without an engine only the core runs: `npm run test:fast`. */
export default defineConfig({
  root,
  test: {
    projects: [
      { test: core },
      { test: reliabilitySimulated },
      ...(process.env['DOCKER_HOST'] ? [{ test: engine }, { test: reliability }] : []),
    ],
  },
});
