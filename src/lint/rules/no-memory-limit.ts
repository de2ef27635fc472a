import { servicesOf } from '../linted.ts';
import type { Rule } from '../rule.ts';

export const noMemoryLimit: Rule = {
  id: 'no-memory-limit',
  severity: 'warning',
  finds: 'a service without a memory limit',
  reason: 'When it takes too much, the kernel ends whichever process it likes, on the whole machine.',
  fix: 'deploy: { resources: { limits: { memory: 512m } } }',
  find: (linted) =>
    servicesOf(linted)
      .filter(({ said, spec }) => !spec.settings.resources?.memory && !('mem_limit' in said))
      .map(({ name }) => ({ message: `${name} may take all memory of the machine`, path: ['services', name], service: name })),
};
