import { durationText } from '../../lib/duration.ts';
import { checkTimes } from '../check-times.ts';
import { servicesOf } from '../linted.ts';
import type { Rule } from '../rule.ts';

export const startPeriodTooShort: Rule = {
  id: 'start-period-too-short',
  severity: 'warning',
  finds: 'a health check that gives up before the service can plausibly have started (start_period + interval × retries)',
  reason: 'A service that is still starting is called unhealthy, and is rolled back though nothing is wrong with it.',
  fix: 'raise start_period: within it failed probes do not count, and the first success ends it',
  find: (linted) =>
    servicesOf(linted).flatMap(({ name, said, spec }) => {
      const times = checkTimes(said);
      if (!times) return [];
      const allowedMs = times.startPeriodMs + times.intervalMs * times.retries;
      const { what, ms } = plausibleStart(spec.settings.image);
      if (allowedMs >= ms) return [];
      const message = `${name} is called unhealthy ${durationText(allowedMs)} after its start, but ${what} may take ${durationText(ms)}`;
      return [{ message, path: ['services', name, 'healthcheck', 'start_period'], service: name }];
    }),
};

const second = 1000;

/** How long the first start may take on a small machine, with an empty volume: from what these programs do then. */
const slowStarts: readonly (readonly [image: RegExp, what: string, ms: number])[] = [
  [/(^|\/)(mysql|mariadb|percona)\b/, 'a first start of this database', 30 * second],
  [/(^|\/)(postgres|postgis|timescaledb|mongo)\b/, 'a first start of this database', 15 * second],
  [/(^|\/)(elasticsearch|opensearch|cassandra|keycloak|kafka|mindsdb|sonarqube|neo4j)\b/, 'a start of this program', 60 * second],
  [/(^|\/)(ollama|llama\.cpp|vllm-openai|text-generation-inference|localai)\b/, 'loading a model', 60 * second],
];

function plausibleStart(image: string): { readonly what: string; readonly ms: number } {
  const found = slowStarts.find(([form]) => form.test(image));
  return found ? { what: found[1], ms: found[2] } : { what: 'an ordinary start', ms: 10 * second };
}
