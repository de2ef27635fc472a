import { usedFiles } from '../used-files.ts';
import type { Rule } from '../rule.ts';
import { unusedIn } from '../unused.ts';

export const unusedConfig: Rule = {
  id: 'unused-config',
  severity: 'warning',
  finds: 'a config that is declared and used by no service',
  reason: 'No service reads it, so changing it changes nothing.',
  fix: 'remove it, or name it in the service that needs it',
  find: (linted) => unusedIn({ section: 'configs', declared: linted.declared.configs, used: usedFiles(linted, 'configs') }),
};
