import type { ByName } from '../lib/record.ts';

/**
 * After a restart or signal a container has read files whose hashes its label does not know. They are kept here, under the key of
 * that label, and beat it.
 */
export interface ContentRecord {
  /** "content.TARGET" to keyed hash; empty if nothing was read since the container was made. */
  of(containerId: string): ByName<string>;
  /** Durable before it resolves. */
  note(containerId: string, hashes: ByName<string>): Promise<void>;
}
