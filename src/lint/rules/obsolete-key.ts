import { servicesOf } from '../linted.ts';
import type { Rule } from '../rule.ts';

export const obsoleteKey: Rule = {
  id: 'obsolete-key',
  severity: 'warning',
  finds: 'a key that Compose has left behind: version, links, external_links',
  reason: 'It has no effect, or none that networks do not have by themselves, and it misleads the reader.',
  fix: 'remove it',
  told: ['obsolete-version'],
  find: (linted) =>
    servicesOf(linted).flatMap(({ name, said }) =>
      ['links', 'external_links']
        .filter((key) => key in said)
        .map((key) => ({
          message: `"${key}" is obsolete`,
          path: ['services', name, key],
          service: name,
          fix: 'remove it: on one network all find each other by name, and by the aliases that it gives them',
        })),
    ),
};
