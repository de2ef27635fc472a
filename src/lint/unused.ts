import { names, type ByName } from '../lib/record.ts';
import type { Finding } from './rule.ts';

interface Section {
  readonly section: 'volumes' | 'networks' | 'secrets' | 'configs';
  readonly declared: ByName<unknown> | undefined;
  readonly used: Iterable<string>;
}

/** What is declared in a section at the top of the file, and used by no service. */
export function unusedIn({ section, declared = {}, used }: Section): Finding[] {
  const known = new Set(used);
  return names(declared)
    .filter((key) => !known.has(key))
    .map((key) => ({ message: `no service uses the ${section.slice(0, -1)} "${key}"`, path: [section, key] }));
}
