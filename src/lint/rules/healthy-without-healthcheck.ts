import { get } from '../../lib/record.ts';
import { servicesOf, type Linted, type LintedService } from '../linted.ts';
import type { Rule } from '../rule.ts';

export const healthyWithoutHealthcheck: Rule = {
  id: 'healthy-without-healthcheck',
  severity: 'error',
  finds: 'a service without a health check for whose service_healthy others wait',
  reason: 'What has no health check never becomes healthy, so whoever waits for that never starts.',
  fix: 'give the service a health check, or wait for service_started',
  ofMachine: true,
  find: (linted) => {
    const services = servicesOf(linted);
    return services.flatMap(({ name, spec }) =>
      spec.dependsOn
        .filter(({ condition }) => condition === 'service_healthy')
        .flatMap(({ service }) => {
          const other = services.find((each) => each.name === service);
          if (!other || hasHealthcheck(other, linted)) return [];
          const message = `${name} waits until ${service} is healthy, but ${service} has no health check${maybeInImage(other, linted)}`;
          return [{ message, path: ['services', name, 'depends_on', service, 'condition'], service: name }];
        }),
    );
  },
};

function hasHealthcheck({ said, spec }: LintedService, { machine }: Linted): boolean {
  if (isOff(said)) return false;
  return said.healthcheck?.test !== undefined || get(machine.images, spec.settings.image)?.healthcheck === true;
}

const isOff = ({ healthcheck }: LintedService['said']): boolean => healthcheck?.disable === true || healthcheck?.test?.[0] === 'NONE';

/** Without the image nobody can tell whether it brings one along. */
const maybeInImage = ({ said, spec }: LintedService, { machine }: Linted): string =>
  isOff(said) || get(machine.images, spec.settings.image) ? '' : ' here (nobody could see whether its image brings one along)';
