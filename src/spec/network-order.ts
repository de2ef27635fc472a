import { names, type ByName } from '../lib/record.ts';
import type { DeclaredAttachment } from './declared-networks.ts';

/** The networks of a service by their keys, the one with the highest priority first, as the reference orders them. */
export const byPriority = (networks: ByName<DeclaredAttachment | null>): string[] =>
  names(networks).sort((left, right) => (networks[right]?.priority ?? 0) - (networks[left]?.priority ?? 0));
