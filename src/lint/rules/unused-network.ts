import type { Rule } from '../rule.ts';
import { unusedIn } from '../unused.ts';

export const unusedNetwork: Rule = {
  id: 'unused-network',
  severity: 'warning',
  finds: 'a network that is declared and used by no service',
  reason: 'It is never made: whoever should be on it is on the default network.',
  fix: 'remove it, or name it in the service that needs it',
  find: (linted) => unusedIn({ section: 'networks', declared: linted.declared.networks, used: Object.keys(linted.desired.networks) }),
};
