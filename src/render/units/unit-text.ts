import { sha256 } from '../../lib/hash.ts';
import type { Unit } from './unit.ts';

/** The file of a unit. Its head says who made it, and a checksum of the rest whether somebody has changed it since. */
export function unitText({ sections }: Unit): string {
  const rest = sections.map(({ name, lines }) => `[${name}]\n${lines.map(([key, value]) => `${key}=${value}\n`).join('')}`).join('\n');
  return `${head}${checksum}${sha256(rest)}\n\n${rest}`;
}

const head = '# Made by stackctl units; stackctl units --uninstall takes it away. To change it: systemctl edit\n';
const checksum = '# sha256 of what follows: ';

/** "own": as stackctl wrote it; "changed": somebody has changed it since; "foreign": stackctl never wrote it. */
export function origin(text: string): 'own' | 'changed' | 'foreign' {
  if (!text.startsWith(head)) return 'foreign';
  const [, sum, rest] = /^# sha256 of what follows: ([0-9a-f]{64})\n\n([^]*)$/.exec(text.slice(head.length)) ?? [];
  return sum !== undefined && sha256(rest ?? '') === sum ? 'own' : 'changed';
}
