import { servicesOf } from '../linted.ts';
import type { Rule } from '../rule.ts';

export const privileged: Rule = {
  id: 'privileged',
  severity: 'warning',
  finds: 'privileged: true',
  reason: 'Whoever gets into the container has the whole host.',
  fix: 'name the single rights with cap_add, and the single devices',
  find: (linted) =>
    servicesOf(linted)
      .filter(({ said }) => said.privileged === true)
      .map(({ name }) => ({ message: `${name} has all rights on the host`, path: ['services', name, 'privileged'], service: name })),
};
