import { silencesOf } from '../silences.ts';
import type { Rule } from '../rule.ts';

export const silenceWithoutReason: Rule = {
  id: 'silence-without-reason',
  severity: 'warning',
  finds: 'a rule that is silenced without saying why',
  reason: 'Nobody who comes after can tell whether the silence still holds.',
  fix: 'write the reason behind the rule: "no-memory-limit: the only thing on this machine"',
  find: (linted) =>
    silencesOf(linted.declared)
      .filter(({ reason }) => reason === '')
      .map(({ rule, path }) => ({ message: `${rule} is silenced without a reason`, path })),
};
