import type { ContainerState } from '../model/observed.ts';

/**
 * When a container counts as ready.
 * healthy: its health check passes. completed: it ended with exit code 0. stable: it has run for `forMs` without a restart, or it
 * ended with 0 and is not restarted. answering: it runs, and its declared probes answer.
 */
export type Gate =
  | { readonly until: 'healthy' }
  | { readonly until: 'completed' }
  | { readonly until: 'answering' }
  | { readonly until: 'stable'; readonly forMs: number; readonly mayComplete: boolean };

/** Is it up? `broken` means that it never will be. */
export type Verdict =
  { readonly state: 'ready' } | { readonly state: 'waiting'; readonly why: string } | { readonly state: 'broken'; readonly why: string };

const ready: Verdict = { state: 'ready' };

/**
 * A program may die once or twice while it waits for others to come up; the engine starts it again after 0.1, 0.2, 0.4 s … With
 * the third restart it is a loop, less than a second after the first crash.
 */
const restartsOfALoop = 3;

/** Looks at one state and nothing else; waiting and looking again is the caller's part. `restartsAtFirst`: when the gate began. */
export function verdictOf(gate: Gate, state: ContainerState, restartsAtFirst: number): Verdict {
  if (state.oomKilled && state.status === 'exited' && state.exitCode !== 0) {
    return { state: 'broken', why: 'it was killed because it ran out of memory' };
  }
  if (state.restartCount - restartsAtFirst >= restartsOfALoop) {
    return {
      state: 'broken',
      why: `it is in a restart loop: it exited with ${exitMeaning(state.exitCode)} ${state.restartCount - restartsAtFirst} times`,
    };
  }
  if (state.status === 'restarting')
    return { state: 'waiting', why: `it exited with ${exitMeaning(state.exitCode)} and is being restarted` };
  if (state.status === 'created') return { state: 'broken', why: state.error || 'it did not start' };
  if (state.status === 'exited' || state.status === 'dead') return verdictOfEnded(gate, state);
  if (state.status === 'paused') return { state: 'broken', why: 'somebody paused it' };
  return verdictOfRunning(gate, state);
}

function verdictOfEnded(gate: Gate, state: ContainerState): Verdict {
  const mayEnd = gate.until === 'completed' || (gate.until === 'stable' && gate.mayComplete);
  if (state.exitCode === 0 && mayEnd) return ready;
  return { state: 'broken', why: `it exited with ${exitMeaning(state.exitCode)}` };
}

function verdictOfRunning(gate: Gate, state: ContainerState): Verdict {
  switch (gate.until) {
    case 'completed':
      return { state: 'waiting', why: 'it has not ended yet' };
    case 'answering':
      return ready;
    case 'stable':
      return { state: 'waiting', why: `it has not run for ${gate.forMs / 1000} s yet` };
    case 'healthy':
      if (state.health === 'healthy') return ready;
      if (state.health === 'unhealthy') return { state: 'broken', why: 'its health check fails' };
      return { state: 'waiting', why: 'its health check has not passed yet' };
  }
}

/** An exit code with what it usually means (128 + n: ended by signal n; 125-127: Docker and the shell). */
export function exitMeaning(exitCode: number): string {
  const meaning = meanings[exitCode] ?? (exitCode > 128 && exitCode < 160 ? `ended by signal ${exitCode - 128}` : undefined);
  return meaning ? `code ${exitCode} (${meaning})` : `code ${exitCode}`;
}

const meanings: { readonly [exitCode: number]: string } = {
  0: 'a normal end',
  1: 'the program reported an error',
  2: 'wrong usage, or a shell error',
  101: 'a Rust program panicked',
  125: 'the engine could not run it',
  126: 'the command cannot be executed',
  127: 'the command was not found',
  130: 'interrupted',
  134: 'aborted',
  137: 'killed, often for lack of memory or after the grace period',
  139: 'segmentation fault',
  143: 'terminated',
};
