import { get, names } from '../lib/record.ts';
import type { Desired, NetworkSpec, ServiceSpec, VolumeSpec } from '../model/desired.ts';
import type { SeenContainer } from '../model/observed.ts';
import type { Problem } from '../model/problem.ts';
import type { Sides } from './diff.ts';
import { flatten } from './flatten.ts';
import { healthCheckOf } from './gates.ts';
import { orphans } from './orphans.ts';
import { portProblems } from './port-problems.ts';
import { isAwaitedToComplete, pairsOf, selectedServices } from './services.ts';

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

type At = { readonly at?: NonNullable<Problem['at']> };

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

function serviceProblems(service: ServiceSpec, { desired, observed }: Sides): Problem[] {
  const at = place(desired, `services.${service.name}`);
  const { name, settings, pullPolicy, build } = service;
  const missing = pullPolicy === 'never' && !build && !get(observed.images, settings.image);
  const dropped = Object.keys(flatten(settings)).filter((path) => observed.engine.drops.includes(path));
  return [
    ...takenNames(service, { desired, observed }),
    ...(missing
      ? [
          {
            code: 'image-missing',
            severity: 'error',
            message: `image ${settings.image} is not here, and pull_policy of ${name} is never`,
            ...place(desired, `services.${name}.image`),
            hint: 'load or build the image, or let it be pulled',
          } as const,
        ]
      : []),
    ...(settings.read_only === true && (settings.files ?? []).length > 0
      ? [
          {
            code: 'read-only-files',
            severity: 'error',
            message: `${name} is read_only, so its configs and secrets without a file cannot be put into it`,
            ...place(desired, `services.${name}.read_only`),
            hint: 'give them a file: instead of content: or environment:',
          } as const,
        ]
      : []),
    ...dropped.map((path): Problem => ({
      code: 'dropped-by-engine',
      severity: 'error',
      message: `${path} of ${name} has no effect: this engine (${observed.engine.kind} ${observed.engine.version}, API ${observed.engine.apiVersion}) drops it`,
      ...place(desired, `services.${name}.${path}`),
      hint: 'take it out, or use a newer engine',
    })),
    ...(isAwaitedHealthy(name, desired) &&
    !healthCheckOf(service, observed) &&
    service.ready.length === 0 &&
    get(observed.images, settings.image) &&
    !isAwaitedToComplete(name, desired)
      ? [
          {
            code: 'no-health-check',
            severity: 'warning',
            message: `others wait for ${name} to be healthy, but it has no health check; it counts as ready once it runs stably`,
            ...at,
            hint: 'declare a healthcheck, or x-stack.ready',
          } as const,
        ]
      : []),
    ...(get(observed.images, settings.image)?.inRegistry === 'unreachable'
      ? [
          {
            code: 'registry-unreachable',
            severity: 'warning',
            message: `the registry of ${settings.image} cannot be reached; the local image is used`,
            ...place(desired, `services.${name}.image`),
          } as const,
        ]
      : []),
    ...pairsOf(service, observed).flatMap(({ have }) => (have ? crashLoop(have, at) : [])),
  ];
}

const isAwaitedHealthy = (name: string, desired: Desired): boolean =>
  Object.values(desired.services).some(({ dependsOn }) =>
    dependsOn.some((need) => need.service === name && need.condition === 'service_healthy'),
  );

function takenNames({ name, replicas }: ServiceSpec, { desired, observed }: Pick<Sides, 'desired' | 'observed'>): Problem[] {
  return replicas.flatMap((replica) => {
    const other = get(observed.others, replica.name);
    if (!other) return [];
    const owner = other.stack ? `stack ${other.stack}` : 'no stack';
    return [
      {
        code: 'name-taken',
        severity: 'error',
        message: `the container name ${replica.name} is taken by a container of ${owner} (${other.id.slice(0, 12)}, ${other.running ? 'running' : 'stopped'})`,
        ...(place(desired, `services.${name}.container_name`).at
          ? place(desired, `services.${name}.container_name`)
          : place(desired, `services.${name}`)),
        hint: 'remove or rename that container, or give this one another container_name',
      },
    ];
  });
}

function crashLoop({ name, state }: SeenContainer, at: At): Problem[] {
  if (state.status !== 'restarting') return [];
  return [
    {
      code: 'crash-loop',
      severity: 'warning',
      message: `container ${name} is in a crash loop: ${state.restartCount} restarts, exit code ${state.exitCode}`,
      ...at,
      hint: `see its log: docker logs ${name}`,
    },
  ];
}

export function place({ places }: Desired, path: string): At {
  const at = get(places, path);
  return at ? { at } : {};
}
