import { defineConfig } from 'vitest/config';

/** Suites that need a real engine. They share one machine, so their files run one after another. */
const withEngine = ['test/engine-contract/**/*.test.ts', 'test/e2e/**/*.test.ts'];

const engineThere = Boolean(process.env.DOCKER_HOST);

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'core',
          include: ['test/**/*.test.ts'],
          exclude: withEngine,
          testTimeout: 60_000,
        },
      },
      ...(engineThere
        ? [{ test: { name: 'engine', include: withEngine, fileParallelism: false, testTimeout: 120_000, hookTimeout: 120_000 } }]
        : []),
    ],
  },
});
