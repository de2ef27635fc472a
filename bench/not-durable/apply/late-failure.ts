export type { LateFailure } from '../../../src/apply/late-failure.ts';

/** No last look at the whole stack. */
export const lateFailure = (): Promise<undefined> => Promise.resolve(undefined);
