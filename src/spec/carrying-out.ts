import type { Finding } from './finding.ts';
import type { MapNode } from './node.ts';

export function carryingOut(_root: MapNode): readonly Finding[] {
  return [];
}
