import { defineConfig } from 'vitest/config';
import { keepWorker } from './kept-worker.mjs';
import { noteDuration, ShortestFirst } from './shortest-first.mjs';
import { zones } from './zones.mjs';

const zone = zones[process.env.ZONE];

/** A mutant with which a file of tests cannot be loaded is noticed as well; Stryker counts failed tests only, and there are none. */
const unloadable = {
  onInit(vitest) {
    this.vitest = vitest;
  },
  onTestModuleEnd(module) {
    noteDuration(module);
    for (const error of module.errors()) this.vitest.state.catchError(error, 'Unhandled Error');
  },
};

/** The tests of the zone that is under way: run.mjs says which. All files in one thread: a thread costs more than what it runs. */
export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  plugins: zone.isPure ? [keepWorker] : [],
  test: {
    include: process.env.TESTS?.split(',') ?? zone.tests,
    exclude: zone.without ?? [],
    setupFiles: ['test/mutation/first-failure.mjs'],
    reporters: [unloadable],
    isolate: false,
    sequence: { sequencer: ShortestFirst },
    testTimeout: 15_000,
  },
});
