import { errorCode } from '../lib/error-code.ts';

/** Whether a process of that number runs on this host; also when it belongs to somebody else. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
