import { canonical } from '../lib/canonical.ts';
import { durationText } from '../lib/duration.ts';
import { present } from '../lib/present.ts';
import type { ByName } from '../lib/record.ts';
import type { HealthCheck } from '../model/settings.ts';
import type { ImportingService } from './import-service.ts';

/** The fields of a health check that the image does not bring already; undefined if there are none. */
export function importHealthcheck(seen: HealthCheck | undefined, { name, image, writing }: ImportingService): ByName<unknown> | undefined {
  const isOff = seen === undefined || seen.test?.[0] === 'NONE';
  const brings = image.healthcheck !== undefined && image.healthcheck.test?.[0] !== 'NONE';
  if (isOff) return brings || seen ? { disable: true } : undefined;
  const differs = (field: keyof HealthCheck): boolean => canonical(seen[field]) !== canonical(image.healthcheck?.[field]);
  const time = (field: 'interval' | 'timeout' | 'start_period' | 'start_interval'): string | undefined =>
    differs(field) && seen[field] !== undefined ? durationText(seen[field]) : undefined;
  const declared = present({
    test: differs('test') ? seen.test?.map((word) => writing.text([name, 'healthcheck'], word)) : undefined,
    interval: time('interval'),
    timeout: time('timeout'),
    retries: differs('retries') ? seen.retries : undefined,
    start_period: time('start_period'),
    start_interval: time('start_interval'),
  });
  return Object.keys(declared).length > 0 ? declared : undefined;
}
