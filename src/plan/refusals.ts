import { get, names, values } from '../lib/record.ts';
import type { Problem } from '../model/problem.ts';
import type { Sides } from './diff.ts';
import { networkProblems } from './network-problems.ts';
import { orphans } from './orphans.ts';
import { portProblems } from './port-problems.ts';
import { serviceProblems } from './service-problems.ts';
import { selectedServices } from './services.ts';
import { volumeProblems } from './volume-problems.ts';

/** What may not be done, and what people should know first. */
export function refusals(sides: Sides): Problem[] {
  const services = selectedServices(sides.desired, sides.options);
  return [
    ...unknownTargets(sides),
    ...unknownDestroyables(sides),
    ...values(sides.desired.networks).flatMap((network) => networkProblems(network, sides)),
    ...values(sides.desired.volumes).flatMap((volume) => volumeProblems(volume, sides)),
    ...services.flatMap((service) => serviceProblems(service, sides)),
    ...portProblems(services, sides),
    ...orphans(sides.desired, sides.observed, sides.options).warnings,
  ];
}

function unknownTargets({ desired, options }: Sides): Problem[] {
  return options.targets
    .filter((name) => !get(desired.services, name))
    .map((name) => ({
      code: 'unknown-service',
      severity: 'error',
      message: desired.inactiveServices.includes(name)
        ? `service ${name} belongs to a profile that is not active`
        : `there is no service ${name}`,
      hint: desired.inactiveServices.includes(name)
        ? 'activate its profile with --profile'
        : `the stack has: ${names(desired.services).join(', ')}`,
    }));
}

/** What a person allowed to be destroyed has to be something of this stack: a typo must not look like a yes. */
function unknownDestroyables({ desired, options }: Sides): Problem[] {
  const known = values(desired.networks);
  return options.allowDestroy
    .filter((each) => each.startsWith('network/') && !known.some(({ key, name }) => [`network/${key}`, `network/${name}`].includes(each)))
    .map((each) => ({
      code: 'unknown-network',
      severity: 'error',
      message: `--allow-destroy ${each}: the stack has no such network`,
      hint: `the stack has: ${known.map(({ key }) => key).join(', ') || 'none'}`,
    }));
}
