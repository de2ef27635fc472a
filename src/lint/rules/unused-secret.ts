import { usedFiles } from '../used-files.ts';
import type { Rule } from '../rule.ts';
import { unusedIn } from '../unused.ts';

export const unusedSecret: Rule = {
  id: 'unused-secret',
  severity: 'warning',
  finds: 'a secret that is declared and used by no service',
  reason: 'No service can read it, and its file has to be kept safe for nothing.',
  fix: 'remove it, or name it in the service that needs it',
  find: (linted) => unusedIn({ section: 'secrets', declared: linted.declared.secrets, used: usedFiles(linted, 'secrets') }),
};
