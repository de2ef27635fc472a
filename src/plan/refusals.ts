import { get, names } from '../lib/record.ts';
import type { NetworkSpec, VolumeSpec } from '../model/desired.ts';
import type { Problem } from '../model/problem.ts';
import type { Sides } from './diff.ts';
import { orphans } from './orphans.ts';
import { place, type At } from './place.ts';
import { portProblems } from './port-problems.ts';
import { serviceProblems } from './service-problems.ts';
import { selectedServices } from './services.ts';

/** What may not be done, and what people should know first. */
export function refusals(sides: Sides): Problem[] {
  const services = selectedServices(sides.desired, sides.options);
  return [
    ...unknownTargets(sides),
    ...names(sides.desired.networks).flatMap((key) => networkProblems(sides.desired.networks[key]!, sides)),
    ...names(sides.desired.volumes).flatMap((key) => volumeProblems(sides.desired.volumes[key]!, sides)),
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

function networkProblems(spec: NetworkSpec, { desired, observed }: Sides): Problem[] {
  const seen = get(observed.networks, spec.name);
  const at = place(desired, `networks.${spec.key}`);
  if (spec.external) {
    return seen
      ? []
      : [
          {
            code: 'network-missing',
            severity: 'error',
            message: `external network ${spec.name} is not there`,
            ...at,
            hint: `create it, or declare it without external`,
          },
        ];
  }
  if (!seen) return [];
  if (seen.stack !== desired.stack) {
    return [
      {
        code: 'network-foreign',
        severity: 'error',
        message: `a network ${spec.name} is there already and does not belong to stack ${desired.stack}`,
        ...at,
        hint: 'declare it with external: true, or give yours another name',
      },
    ];
  }
  const differs = [
    ...(spec.driver !== undefined && spec.driver !== seen.driver ? [`driver ${seen.driver} instead of ${spec.driver}`] : []),
    ...(spec.internal !== seen.internal ? [`internal ${String(seen.internal)} instead of ${String(spec.internal)}`] : []),
  ];
  return differs.length === 0 ? [] : [mustBeReplaced('network', spec.name, { differs, at })];
}

function volumeProblems(spec: VolumeSpec, { desired, observed }: Sides): Problem[] {
  const seen = get(observed.volumes, spec.name);
  const at = place(desired, `volumes.${spec.key}`);
  if (!seen) {
    return spec.external
      ? [
          {
            code: 'volume-missing',
            severity: 'error',
            message: `external volume ${spec.name} is not there`,
            ...at,
            hint: 'create it, or declare it without external',
          },
        ]
      : [];
  }
  if (spec.external) return [];
  if (seen.stack !== desired.stack) {
    return [
      {
        code: 'volume-foreign',
        severity: 'warning',
        message: `volume ${spec.name} was not made by stack ${desired.stack}; it is used as it is`,
        ...at,
        hint: 'declare it with external: true to say that this is meant',
      },
    ];
  }
  const differs = [
    ...(spec.driver !== undefined && spec.driver !== seen.driver ? [`driver ${seen.driver} instead of ${spec.driver}`] : []),
    ...names(spec.driverOptions)
      .filter((key) => get(seen.driverOptions, key) !== get(spec.driverOptions, key))
      .map((key) => `driver option ${key}`),
  ];
  return differs.length === 0 ? [] : [mustBeReplaced('volume', spec.name, { differs, at })];
}

function mustBeReplaced(kind: 'network' | 'volume', name: string, { differs, at }: { differs: readonly string[]; at: At }): Problem {
  const loses = kind === 'volume' ? ' and all that is in it would be lost' : ', and everything on it would be stopped';
  return {
    code: `${kind}-must-be-replaced`,
    severity: 'error',
    message: `${kind} ${name} has ${differs.join(', ')}; it would have to be removed and made again${loses}`,
    ...at,
    hint: `declare it as it is, or give it another name, or remove it yourself when nothing uses it any more`,
  };
}
