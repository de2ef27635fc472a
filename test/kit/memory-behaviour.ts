import type { ExecResult } from '../../src/platform/engine.ts';

/** What a program in a container does of its own accord, soon after it was started. */
export interface Behaviour {
  /** What the engine finds with its health check; "never": it goes on looking. Default: healthy. */
  readonly health?: 'healthy' | 'unhealthy' | 'never';
  /** Exit code of each command that is run inside; default: 0 if healthy. */
  readonly probe?: number;
  /** How a command ends whose first word is "hook", by the words after it; default: with 0. */
  readonly hook?: (words: string) => ExecResult;
  /** It ends by itself with this code; with a restart policy again and again. */
  readonly exits?: number;
  /** Whoever waits for its end hangs (MemoryOptions.hangs). */
  readonly neverEnds?: boolean;
  /** What it writes to its log. */
  readonly log?: readonly string[];
}
