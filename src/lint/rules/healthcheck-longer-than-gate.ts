import { durationText } from '../../lib/duration.ts';
import { checkTimes } from '../check-times.ts';
import { servicesOf } from '../linted.ts';
import type { Rule } from '../rule.ts';

export const healthcheckLongerThanGate: Rule = {
  id: 'healthcheck-longer-than-gate',
  severity: 'warning',
  finds: 'a health check that needs longer to judge (interval × retries, or start_period) than the gate waits',
  reason: 'The gate gives up before the health check has said anything, so a slow but honest start is rolled back.',
  fix: 'raise x-stack.timeout.ready, or shorten interval, retries or start_period',
  find: (linted) =>
    servicesOf(linted).flatMap(({ name, said, spec }) => {
      const times = checkTimes(said);
      const { readyMs } = spec.timeouts;
      if (!times || Math.max(times.intervalMs * times.retries, times.startPeriodMs) <= readyMs) return [];
      const [what, ms] =
        times.startPeriodMs > readyMs
          ? ['start_period', times.startPeriodMs]
          : [`${times.retries} probes, one every ${durationText(times.intervalMs)}`, times.intervalMs * times.retries];
      const message = `the health check of ${name} takes ${durationText(ms)} (${what}), but its gate waits ${durationText(readyMs)} only`;
      return [{ message, path: ['services', name, 'healthcheck'], service: name }];
    }),
};
