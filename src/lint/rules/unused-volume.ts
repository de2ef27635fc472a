import type { Rule } from '../rule.ts';
import { unusedIn } from '../unused.ts';

export const unusedVolume: Rule = {
  id: 'unused-volume',
  severity: 'warning',
  finds: 'a volume that is declared and used by no service',
  reason: 'It is never made: what should be kept in it is not kept.',
  fix: 'remove it, or name it in the service that needs it',
  find: (linted) => unusedIn({ section: 'volumes', declared: linted.declared.volumes, used: Object.keys(linted.desired.volumes) }),
};
