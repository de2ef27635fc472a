import { get, names, type ByName } from '../lib/record.ts';
import type { DeclaredService } from './declared.ts';

/** Each circle of services that wait for each other, as the way round from its first name back to it. */
export function dependencyCycles(services: ByName<DeclaredService>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  for (const start of names(services)) {
    const path: string[] = [];
    const waiting: { readonly name: string; readonly left: string[] }[] = [];
    const enter = (name: string) => {
      path.push(name);
      waiting.push({ name, left: dependenciesOf(services, name) });
    };
    if (!done.has(start)) enter(start);
    for (let top = waiting.at(-1); top; top = waiting.at(-1)) {
      const next = top.left.shift();
      if (next === undefined) {
        done.add(top.name);
        waiting.pop();
        path.pop();
      } else if (path.includes(next)) cycles.push(fromSmallest(path.slice(path.indexOf(next))));
      else if (!done.has(next)) enter(next);
    }
  }
  return cycles;
}

const dependenciesOf = (services: ByName<DeclaredService>, name: string): string[] =>
  names(get(services, name)?.depends_on ?? {}).filter((other) => get(services, other) !== undefined);

function fromSmallest(cycle: readonly string[]): string[] {
  const start = cycle.indexOf([...cycle].sort()[0] ?? '');
  const turned = [...cycle.slice(start), ...cycle.slice(0, start)];
  return [...turned, ...turned.slice(0, 1)];
}
