import { zones } from './zones.mjs';

const zone = process.env.ZONE;

export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'test/mutation/vitest.config.mjs', related: false },
  mutate: process.env.MUTATE?.split(',') ?? zones[zone].files,
  coverageAnalysis: 'perTest',
  concurrency: Number(process.env.MUTATION_JOBS ?? 1),
  // A test that hangs is ended by its own time limit: to end the whole process and to start another takes longer
  timeoutMS: 60_000,
  incremental: true,
  incrementalFile: process.env.INCREMENTAL ?? `.cache/mutants/${zone}.json`,
  reporters: ['progress-append-only'],
  tempDirName: '.cache/mutants/sandbox',
  ignorePatterns: ['.cache', 'bench', 'dist', 'docs', 'stacks/demo'],
  allowConsoleColors: false,
};
