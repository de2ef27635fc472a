import { dirname } from 'node:path';
import { nearest } from '../lib/nearest.ts';
import { canonical } from './canonical.ts';
import { hostPath, isRemote, withAbsolutePaths } from './host-paths.ts';
import type { Loading } from './loading.ts';
import { mergeServices, mergeStacks } from './merge.ts';
import { child, isNull, mapNode, textOf, type Entry, type MapNode, type Node } from './node.ts';
import { readDocuments } from './read-documents.ts';
import { remoteFile } from './remote-file.ts';
import { applyResets, resetsAt, type Resets } from './reset.ts';
import { withoutDuplicates } from './unique.ts';

/** Services that extend one another; an honest chain has three. */
const longestChain = 100;

/** The services of one file, as they come to be complete. */
interface Home {
  readonly path: string;
  readonly services: Map<string, Entry>;
  readonly resets: Resets;
}

interface Extending {
  readonly loading: Loading;
  /** Other files that were opened; undefined for one that cannot be read. */
  readonly homes: Map<string, Home | undefined>;
}

/** What a service extends. */
interface Base {
  readonly service: Node;
  readonly file: Node | undefined;
}

/**
 * The document with each service over what it extends, in this file or in another, in chains. Reports `undefined-service`,
 * `extends-cycle`, `extends-too-long` and files that cannot be read.
 */
export async function withExtends(
  root: MapNode,
  path: string,
  { resets, loading }: { resets: Resets; loading: Loading },
): Promise<MapNode> {
  const services = root.entries.get('services');
  if (services?.node.kind !== 'map') return root;
  const extending = [...services.node.entries].filter(([, { node }]) => child(node, 'extends') !== undefined);
  if (extending.length === 0) return root;
  const home: Home = { path, services: new Map(services.node.entries), resets };
  const homes = new Map<string, Home | undefined>();
  for (const [name] of extending) await complete({ name, home, waiting: [] }, { loading, homes });
  const node: MapNode = { ...services.node, entries: home.services };
  return { ...root, entries: new Map(root.entries).set('services', { key: services.key, node }) };
}

interface Task {
  readonly name: string;
  readonly home: Home;
  /** Services that wait for this one to be complete. */
  readonly waiting: readonly string[];
}

/** The service with what it extends; it is noted in its home. */
async function complete({ name, home, waiting }: Task, extending: Extending): Promise<Node | undefined> {
  const { report } = extending.loading;
  const entry = home.services.get(name);
  const base = entry?.node.kind === 'map' ? baseOf(entry.node) : undefined;
  if (entry?.node.kind !== 'map' || !base) return entry?.node;
  const bare = withoutExtends(entry.node);
  const note = (node: MapNode) => {
    home.services.set(name, { key: entry.key, node });
    return node;
  };
  const other = base.file && !isNull(base.file) ? await openHome(base.file, extending) : home;
  if (!other || !isThere(base, other, extending.loading)) return note(bare);
  const ref = textOf(base.service);
  const chain = [...waiting, `${home.path} ${name}`];
  if (chain.includes(`${other.path} ${ref}`)) {
    const message = `the service "${name}" extends itself${ref === name ? '' : `, by way of "${ref}"`}`;
    report({ code: 'extends-cycle', message, mark: base.service.mark });
    return note(bare);
  }
  if (chain.length > longestChain) {
    const message = `more than ${longestChain} services extend one another`;
    report({ code: 'extends-too-long', message, mark: base.service.mark });
    return note(bare);
  }
  const found = await complete({ name: ref, home: other, waiting: chain }, extending);
  if (found?.kind !== 'map') return entry.node;
  return note(mergeServices(applyResets(found, resetsAt(home.resets, ['services', name])), bare, report));
}

function baseOf(service: MapNode): Base | undefined {
  const node = child(service, 'extends');
  if (!node || isNull(node)) return undefined;
  if (node.kind === 'scalar') return { service: node, file: undefined };
  const name = child(node, 'service');
  // Without a name the schema has something to say about it.
  return name?.kind === 'scalar' ? { service: name, file: child(node, 'file') } : undefined;
}

function isThere({ service, file }: Base, { services, path }: Home, { report, state }: Loading): boolean {
  const name = textOf(service);
  if (services.has(name)) return true;
  const near = nearest(name, [...services.keys()]);
  const where = file ? ` in ${path}` : ' in this file';
  const hint = near === undefined ? undefined : `did you mean "${near}"?`;
  state.whole = false;
  report({ code: 'undefined-service', message: `there is no service "${name}"${where} to extend`, mark: service.mark, hint });
  return false;
}

async function openHome(file: Node, { loading, homes }: Extending): Promise<Home | undefined> {
  const { report } = loading;
  if (isRemote(textOf(file))) {
    report(remoteFile(textOf(file), 'extend', file.mark));
    return undefined;
  }
  const path = hostPath(textOf(file), loading);
  if (homes.has(path)) return homes.get(path);
  let root: MapNode = mapNode({}, file.mark);
  let resets: Resets = { ends: false, steps: new Map() };
  const documents = await readDocuments(path, loading, file.mark);
  for (const document of documents) {
    const merged = mergeStacks(applyResets(root, document.resets), document.root, report);
    root = withoutDuplicates(canonical(withoutDuplicates(merged), { report, raw: loading.raw, written: loading.state.written }));
    resets = document.resets;
  }
  const services = child(withAbsolutePaths(root, { ...loading, directory: dirname(path) }), 'services');
  const home = documents.length === 0 ? undefined : { path, services: new Map(services?.kind === 'map' ? services.entries : []), resets };
  homes.set(path, home);
  return home;
}

const withoutExtends = (service: MapNode): MapNode => ({
  ...service,
  entries: new Map([...service.entries].filter(([key]) => key !== 'extends')),
});
