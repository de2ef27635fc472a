import type { Progress } from './progress.ts';

/** Shows nothing; the result is told at the end all the same. */
export const quietProgress = (): Progress => ({ on: () => undefined, shown: () => Promise.resolve() });
