import { defineConfig } from 'vitest/config';
import { zones } from './zones.mjs';

/** A mutant with which a file of tests cannot be loaded is noticed as well; Stryker counts failed tests only, and there are none. */
const unloadable = {
  onInit(vitest) {
    this.vitest = vitest;
  },
  onTestModuleEnd(module) {
    for (const error of module.errors()) this.vitest.state.catchError(error, 'Unhandled Error');
  },
};

/** The tests of the zone that is under way: run.mjs says which. */
export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    include: process.env.TESTS?.split(',') ?? zones[process.env.ZONE].tests,
    setupFiles: ['test/mutation/first-failure.mjs'],
    reporters: [unloadable],
    isolate: process.env.ISOLATE !== 'no',
    testTimeout: 20_000,
  },
});
