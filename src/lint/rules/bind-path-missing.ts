import { servicesOf } from '../linted.ts';
import type { Rule } from '../rule.ts';

export const bindPathMissing: Rule = {
  id: 'bind-path-missing',
  severity: 'warning',
  finds: 'a bind mount of a path that does not exist on this machine',
  reason: 'The engine makes an empty folder of root there, or refuses to start the container.',
  fix: 'make it before, correct the path, or use a volume',
  ofMachine: true,
  find: (linted) =>
    servicesOf(linted).flatMap(({ name, said }) =>
      (said.volumes ?? []).flatMap(({ type, source = '' }, i) =>
        type === 'bind' && linted.machine.missingPaths.has(source)
          ? [{ message: `${name} mounts ${source}, which does not exist`, path: ['services', name, 'volumes', String(i)], service: name }]
          : [],
      ),
    ),
};
