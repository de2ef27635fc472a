import type { ByName } from '../lib/record.ts';

/** An entry of `post_start` or `pre_stop`. */
export interface DeclaredHook {
  readonly command?: readonly string[] | null;
  readonly user?: string;
  readonly privileged?: boolean;
  readonly working_dir?: string;
  readonly environment?: ByName<string | null>;
}
