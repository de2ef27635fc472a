import { get, names, values } from '../lib/record.ts';
import type { Problem } from '../model/problem.ts';
import { dataProblems } from './data-problems.ts';
import type { Sides } from './diff.ts';
import { isNamed } from './anonymous-volumes.ts';
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
    ...dataProblems(services, sides),
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
function unknownDestroyables({ desired, observed, options }: Sides): Problem[] {
  const anonymous = values(observed.containers).flatMap((seen) => Object.values(seen.anonymous));
  const known = { network: values(desired.networks), volume: values(desired.volumes) };
  return (['network', 'volume'] as const).flatMap((kind) =>
    options.allowDestroy
      .filter(
        (each) => each.startsWith(`${kind}/`) && !known[kind].some((spec) => [spec.key, spec.name].includes(each.slice(kind.length + 1))),
      )
      .filter((each) => !anonymous.some((name) => isNamed(name, [each])))
      .map((each) => ({
        code: `unknown-${kind}`,
        severity: 'error' as const,
        message: `--allow-destroy ${each}: the stack has no such ${kind}`,
        hint: `the stack has: ${known[kind].map(({ key }) => key).join(', ') || 'none'}`,
      })),
  );
}
