import fc from 'fast-check';

/** That a mutant is noticed is all there is to know: no smaller counterexample is looked for. */
fc.configureGlobal({ endOnFailure: true });
