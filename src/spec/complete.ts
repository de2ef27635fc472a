import { fromEntries, get, names, type ByName } from '../lib/record.ts';
import type { Declared, DeclaredDependency, DeclaredService } from './declared.ts';
import { child, entriesOf, mapNode, plainOf, scalarNode, textOf, type Entry, type MapNode, type Node } from './node.ts';

/** What completes a declaration: the name of the stack, its active profiles, and the variables and labels that files hold. */
export interface Surroundings {
  readonly stack: string;
  readonly profiles: readonly string[];
  /** Only these services and what they depend on; empty: all. */
  readonly selected: readonly string[];
  /** What the env_files of a service say. */
  readonly fileVariables: (service: string) => ByName<string>;
  /** What the label_files of a service say. */
  readonly fileLabels: (service: string) => ByName<string>;
}

/** The active part of a stack with everything filled in that the specification implies. */
export interface Complete extends Declared {
  readonly name: string;
  readonly services: ByName<DeclaredService>;
  readonly inactive: readonly string[];
}

/** The active part of a stack, as a document. */
export interface Active {
  readonly root: MapNode;
  readonly inactive: readonly string[];
}

/** Leaves inactive services out, and fills in what env_files and label_files say: a service's own words win over them. */
export function activeStack(root: MapNode, surroundings: Surroundings): Active {
  const { fileVariables, fileLabels } = surroundings;
  const section = root.entries.get('services');
  if (section?.node.kind !== 'map') return { root, inactive: [] };
  const isWanted = wantedServices(section.node, surroundings);
  const services = new Map<string, Entry>();
  const inactive: string[] = [];
  for (const [name, entry] of section.node.entries) {
    if (!isWanted(name)) inactive.push(name);
    else {
      const node = withFileEntries(withFileEntries(entry.node, 'environment', fileVariables(name)), 'labels', fileLabels(name));
      services.set(name, { key: entry.key, node });
    }
  }
  if (isSame(services, section.node.entries)) return { root, inactive };
  const node: MapNode = { ...section.node, entries: services };
  return { root: { ...root, entries: new Map(root.entries).set('services', { key: section.key, node }) }, inactive: inactive.sort() };
}

const isSame = (left: ReadonlyMap<string, Entry>, right: ReadonlyMap<string, Entry>): boolean =>
  left.size === right.size && [...left].every(([name, { node }]) => node === right.get(name)?.node);

/** Whose profile is active and, if services were selected, who is needed by them; selecting a service activates its profiles. */
function wantedServices(services: MapNode, { profiles, selected }: Surroundings): (name: string) => boolean {
  const of = (name: string) => services.entries.get(name)?.node;
  const profilesOf = (name: string) => {
    const list = child(of(name), 'profiles');
    return list?.kind === 'list' ? list.items.map(textOf) : [];
  };
  const wanted = [...profiles, ...selected.flatMap(profilesOf)];
  const needed = new Set(selected);
  // A set gives what is added while it is walked as well
  for (const name of needed) for (const other of entriesOf(child(of(name), 'depends_on')).keys()) needed.add(other);
  return (name) => isActive(profilesOf(name), wanted) && (selected.length === 0 || needed.has(name));
}

function isActive(profiles: readonly string[], wanted: readonly string[]): boolean {
  return profiles.length === 0 || wanted.includes('*') || profiles.some((profile) => profile === '' || wanted.includes(profile));
}

function withFileEntries(service: Node, key: 'environment' | 'labels', values: ByName<string>): Node {
  const found = Object.entries(values);
  if (service.kind !== 'map' || found.length === 0) return service;
  const own = service.entries.get(key);
  const mark = own?.key ?? service.entries.get(key === 'labels' ? 'label_file' : 'env_file')?.key ?? service.mark;
  const fromFiles = found.map(([name, value]) => [name, { key: mark, node: scalarNode(value, mark) }] as const);
  const entries = new Map<string, Entry>([...fromFiles, ...(own?.node.kind === 'map' ? own.node.entries : [])]);
  return { ...service, entries: new Map(service.entries).set(key, { key: mark, node: { ...mapNode({}, mark), entries } }) };
}

/** A service as the files of the stack write it, with the labels of its label_files but without the variables of its env_files. */
export function withOnlyLabelsOfFiles(name: string, whole: MapNode, active: MapNode): Node {
  const serviceIn = (root: MapNode): Node | undefined => child(child(root, 'services'), name);
  const service = serviceIn(whole) ?? whole;
  const labels = child(serviceIn(active), 'labels');
  if (service.kind !== 'map' || !labels) return service;
  return { ...service, entries: new Map(service.entries).set('labels', { key: labels.mark, node: labels }) };
}

/** The whole stack, as a document and as data. */
export interface Whole {
  readonly root: MapNode;
  readonly declared: Declared;
}

/** The active stack as data. A dependency that is not required and is not active is none. */
export function completeStack({ root, inactive }: Active, whole: Whole, stack: string): Complete {
  const { declared } = whole;
  const active = root === whole.root ? declared : (plainOf(root) as Declared);
  const services = active.services ?? {};
  const isOptional = (name: string, { required }: DeclaredDependency) =>
    !required && get(declared.services ?? {}, name) !== undefined && get(services, name) === undefined;
  return {
    ...active,
    name: stack,
    services: fromEntries(names(services).map((name) => [name, withoutOptional(services[name] ?? {}, isOptional)] as const)),
    inactive,
  };
}

function withoutOptional(service: DeclaredService, isOptional: (name: string, dependency: DeclaredDependency) => boolean): DeclaredService {
  const { depends_on, ...rest } = service;
  if (!depends_on) return service;
  return { ...rest, depends_on: fromEntries(Object.entries(depends_on).filter(([name, dependency]) => !isOptional(name, dependency))) };
}
