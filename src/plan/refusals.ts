import { get, names } from '../lib/record.ts';
import type { NetworkSpec, VolumeSpec } from '../model/desired.ts';
import type { SeenNetwork } from '../model/observed.ts';
import type { Problem } from '../model/problem.ts';
import type { Sides } from './diff.ts';
import { mayDestroy, networkDiffs } from './network-renewal.ts';
import { droppedOptions } from './network-options.ts';
import { orphans } from './orphans.ts';
import { place, type At } from './place.ts';
import { portProblems } from './port-problems.ts';
import { serviceProblems } from './service-problems.ts';
import { pairsOf, selectedServices } from './services.ts';

/** What may not be done, and what people should know first. */
export function refusals(sides: Sides): Problem[] {
  const services = selectedServices(sides.desired, sides.options);
  return [
    ...unknownTargets(sides),
    ...unknownDestroyables(sides),
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

function networkProblems(spec: NetworkSpec, sides: Sides): Problem[] {
  const { desired, observed, options } = sides;
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
  if (!seen) return droppedOptions(spec, sides);
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
  const differs = networkDiffs(spec, seen).map(({ path, have, want }) => `${path} ${String(have)} instead of ${String(want)}`);
  if (differs.length === 0) return [];
  return mayDestroy('network', spec, options) ? usersThatStay(seen, sides) : [mustBeReplaced('network', spec, { differs, at })];
}

/** Who is on a network that is to be made anew, and is not part of this plan: nothing would bring them over to the new one. */
function usersThatStay({ name, id }: SeenNetwork, { desired, observed, options }: Sides): Problem[] {
  const selected = selectedServices(desired, options).flatMap((service) =>
    pairsOf(service, observed).flatMap(({ have }) => have?.id ?? []),
  );
  const removed = orphans(desired, observed, options).changes.flatMap((change) =>
    'have' in change && change.of === 'container' ? change.have.id : [],
  );
  const moved = new Set([...selected, ...removed]);
  return Object.values(observed.containers)
    .filter((seen) => get(seen.settings.networks ?? {}, name)?.id === id && !moved.has(seen.id))
    .map((seen) => ({
      code: 'network-in-use',
      severity: 'error',
      message: `network ${name} cannot be made anew: container ${seen.name} is on it, which this plan leaves as it is`,
      hint: 'let this plan include its service, or remove that container',
    }));
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
  return differs.length === 0 ? [] : [mustBeReplaced('volume', spec, { differs, at })];
}

type Named = Pick<NetworkSpec, 'name' | 'key'>;

function mustBeReplaced(
  kind: 'network' | 'volume',
  { name, key }: Named,
  { differs, at }: { differs: readonly string[]; at: At },
): Problem {
  const loses = kind === 'volume' ? ' and all that is in it would be lost' : ', and everything on it would be stopped';
  return {
    code: `${kind}-must-be-replaced`,
    severity: 'error',
    message: `${kind} ${name} has ${differs.join(', ')}; it would have to be removed and made again${loses}`,
    ...at,
    hint:
      kind === 'network'
        ? `allow it with --allow-destroy network/${key}, or declare it as it is, or give it another name`
        : `declare it as it is, or give it another name; to make it anew, without what is in it: stackctl down, docker volume rm ${name}, stackctl apply`,
  };
}

/** What a person allowed to be destroyed has to be something of this stack: a typo must not look like a yes. */
function unknownDestroyables({ desired, options }: Sides): Problem[] {
  const known = names(desired.networks).flatMap((key) => get(desired.networks, key) ?? []);
  return options.allowDestroy
    .filter((each) => each.startsWith('network/') && !known.some(({ key, name }) => [`network/${key}`, `network/${name}`].includes(each)))
    .map((each) => ({
      code: 'unknown-network',
      severity: 'error',
      message: `--allow-destroy ${each}: the stack has no such network`,
      hint: `the stack has: ${known.map(({ key }) => key).join(', ') || 'none'}`,
    }));
}
