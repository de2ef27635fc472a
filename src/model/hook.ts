import type { ByName } from '../lib/record.ts';
import type { Text } from './text.ts';

/** A command to run in a container that runs, without a shell. What is absent is the container's own. */
export interface Command {
  readonly command: readonly Text[];
  readonly user?: string;
  readonly privileged?: boolean;
  readonly working_dir?: string;
  /** Beside the container's own variables. */
  readonly environment?: ByName<Text>;
}

/** What a container is given to do, one after the other: `post_start` once it runs, `pre_stop` before it is told to stop. */
export interface Hooks {
  readonly post_start: readonly Command[];
  readonly pre_stop: readonly Command[];
  /** For all of `post_start` together. */
  readonly startMs: number;
  /** For all of `pre_stop` together. */
  readonly stopMs: number;
}
