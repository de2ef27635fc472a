import type { ByName } from '../lib/record.ts';

/**
 * What became of a container after its label was written: a restart or signal made it read files anew, an update in place gave it
 * other settings. The hashes are kept here, under the key of that label, and beat it.
 */
export interface ContentRecord {
  /** As in its label; an empty hash is of what is not declared any more. No entries if nothing became of it since it was made. */
  of(containerId: string): ByName<string>;
  /** Durable before it resolves. */
  note(containerId: string, hashes: ByName<string>): Promise<void>;
}
