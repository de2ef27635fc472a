import type { SeenContainer } from '../model/observed.ts';

/** How a container stands that does not run: "stopped, exit code 137". */
export function stoppedHow({ state }: SeenContainer): string {
  if (state.status === 'exited') return `stopped, exit code ${state.exitCode}`;
  if (state.status === 'created') return state.error ? `created, its start failed: ${state.error}` : 'created, never started';
  return state.status;
}
