import { toldByReading, type Rule } from '../rule.ts';

export const dependencyCycle: Rule = toldByReading({
  id: 'dependency-cycle',
  severity: 'error',
  finds: 'services that wait for each other',
  reason: 'Each waits for the other, so none of them ever starts.',
  fix: 'take away one depends_on of the circle, and let that service try again until the other is there',
  told: ['dependency-cycle'],
});
