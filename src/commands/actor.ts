import { hostname, userInfo } from 'node:os';
import type { Actor } from '../platform/journal.ts';

/** Who runs this process, and where. */
export const actor = (): Actor => ({ user: userInfo().username, host: hostname(), pid: process.pid });

/** "ann@build-7 (process 812)" */
export const actorText = ({ user, host, pid }: Actor): string => `${user}@${host} (process ${pid})`;
