import { servicesOf } from '../linted.ts';
import type { Rule } from '../rule.ts';

export const anonymousVolume: Rule = {
  id: 'anonymous-volume',
  severity: 'warning',
  finds: 'a volume without a name',
  reason: 'Nobody finds it again: it is left behind when the container goes, and with it what was in it.',
  fix: 'give it a name and declare that under "volumes", or use tmpfs for what need not be kept',
  find: (linted) =>
    servicesOf(linted).flatMap(({ name, said }) =>
      (said.volumes ?? []).flatMap(({ type, source = '', target }, i) =>
        type === 'volume' && source === ''
          ? [{ message: `${name} has a volume without a name at ${target}`, path: ['services', name, 'volumes', String(i)], service: name }]
          : [],
      ),
    ),
};
