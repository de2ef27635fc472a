import type { ContainerState } from './observed.ts';

/** Whether a container may own processes: also one that is being started again and again, at any moment. */
export const isLive = (status: ContainerState['status']): boolean => ['running', 'paused', 'restarting', 'removing'].includes(status);
