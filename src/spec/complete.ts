import { fromEntries, get, mapValues, names, type ByName } from '../lib/record.ts';
import type { Declared, DeclaredDependency, DeclaredService } from './declared.ts';

/** What completes a declaration: the name of the stack, its active profiles, and the variables that values without one are taken from. */
export interface Surroundings {
  readonly stack: string;
  /** The project directory. */
  readonly directory: string;
  readonly profiles: readonly string[];
  readonly lookup: (name: string) => string | undefined;
  /** What the env_files of a service say. */
  readonly fileVariables: (service: string) => ByName<string>;
}

/** The active part of a stack with everything filled in that the specification implies. */
export interface Complete extends Declared {
  readonly name: string;
  readonly services: ByName<DeclaredService>;
  readonly inactive: readonly string[];
}

/** Fills in what the specification implies: variables, the default network, dependencies by network mode. Leaves inactive services out. */
export function completeStack(declared: Declared, surroundings: Surroundings): Complete {
  const all = declared.services ?? {};
  const active = new Set(names(all).filter((name) => isActive(all[name]?.profiles ?? [], surroundings.profiles)));
  const isOptional = (name: string, { required }: DeclaredDependency) => !required && get(all, name) !== undefined && !active.has(name);
  const services = fromEntries(
    [...active].map((name) => [name, withoutOptional(completeService(name, all[name] ?? {}, surroundings), isOptional)] as const),
  );
  return { ...declared, name: surroundings.stack, services, inactive: names(all).filter((name) => !active.has(name)) };
}

const isActive = (own: readonly string[], wanted: readonly string[]): boolean =>
  own.every((profile) => profile === '') || wanted.includes('*') || own.some((profile) => wanted.includes(profile));

function completeService(name: string, service: DeclaredService, { lookup, fileVariables, directory }: Surroundings): DeclaredService {
  const { build, networks, network_mode, depends_on } = service;
  const environment = { ...fileVariables(name), ...mapValues(service.environment ?? {}, (value, key) => value ?? lookup(key) ?? null) };
  const args = Object.entries(build?.args ?? {}).flatMap(([key, value]) => {
    const filled = value ?? lookup(key);
    return filled === undefined ? [] : [[key, filled] as const];
  });
  const joined = network_mode === undefined && names(networks ?? {}).length === 0 ? { default: null } : networks;
  const shared = network_mode?.startsWith('service:') ? network_mode.slice('service:'.length) : undefined;
  return {
    ...service,
    ...(build && { build: { context: directory, dockerfile: 'Dockerfile', ...build, ...(build.args && { args: fromEntries(args) }) } }),
    ...(names(environment).length > 0 && { environment }),
    ...(joined && { networks: joined }),
    ...(shared !== undefined && { depends_on: withDependency(depends_on ?? {}, shared) }),
  };
}

/** A dependency that is not required and whose profile is not active is none. */
function withoutOptional(service: DeclaredService, isOptional: (name: string, dependency: DeclaredDependency) => boolean): DeclaredService {
  const { depends_on, ...rest } = service;
  if (!depends_on) return service;
  return { ...rest, depends_on: fromEntries(Object.entries(depends_on).filter(([name, dependency]) => !isOptional(name, dependency))) };
}

function withDependency(dependencies: ByName<DeclaredDependency>, name: string): ByName<DeclaredDependency> {
  return get(dependencies, name)
    ? dependencies
    : { ...dependencies, [name]: { condition: 'service_started', restart: true, required: true } };
}
