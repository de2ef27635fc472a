import type { Rule } from '../rule.ts';

/** Its findings are worked out in lint.ts, when all others are known. */
export const silenceWithoutEffect: Rule = {
  id: 'silence-without-effect',
  severity: 'warning',
  finds: 'a silence that silences nothing, or names no rule',
  reason: 'It hides the next finding of its rule, which nobody has looked at.',
  fix: 'remove it',
  find: () => [],
};
