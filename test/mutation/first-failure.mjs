import fc from 'fast-check';
import { inject } from 'vitest';

/** That a mutant is noticed is all there is to know: no smaller counterexample is looked for. */
fc.configureGlobal({ endOnFailure: true });

// Where a thread stays from mutant to mutant (kept-worker.mjs), the tests of the next one are not loaded with the last one still in force
if (inject('mutantActivation') === 'runtime') globalThis[inject('globalNamespace')].activeMutant = undefined;
