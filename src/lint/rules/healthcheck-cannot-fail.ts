import { servicesOf } from '../linted.ts';
import { probeCommand, probePath } from '../probe-command.ts';
import type { Rule } from '../rule.ts';
import { probeEnds } from '../script-ends.ts';

export const healthcheckCannotFail: Rule = {
  id: 'healthcheck-cannot-fail',
  severity: 'error',
  finds: 'a health check that always succeeds: true, exit 0, "… || true", "…; true"',
  reason: 'The service is called healthy while it is dead, and everything that waits for it is told so.',
  fix: 'probe what the service does, such as ["CMD-SHELL", "curl -f http://localhost:8080/health || exit 1"]',
  find: (linted) =>
    servicesOf(linted).flatMap(({ name, said }) => {
      const probe = probeCommand(said);
      if (!probe || probeEnds(probe.script).canFail) return [];
      return [{ message: `the health check of ${name} can never fail`, path: probePath(name, said), service: name }];
    }),
};
