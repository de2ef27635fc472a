import type { SharedLockKeeper } from '../../../src/platform/lock.ts';
import { socketLock } from './socket-lock.ts';

export type { LockLink } from '../../../src/adapters/docker-lock.ts';

/** Nothing on the engine. */
export const dockerLock = (): SharedLockKeeper => ({ ...socketLock, standing: () => Promise.resolve(undefined) });
