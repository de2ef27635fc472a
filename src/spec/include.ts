import { dirname } from 'node:path';
import { canonical as canonicalJson } from '../lib/canonical.ts';
import { joinPath } from '../lib/posix-path.ts';
import { readDotenv } from './dotenv.ts';
import type { Finding } from './finding.ts';
import { isRemote } from './host-paths.ts';
import type { Loading } from './loading.ts';
import type { Mark } from './mark.ts';
import { child, isNull, mapNode, plainOf, textOf, type Entry, type MapNode, type Node } from './node.ts';
import { remoteFile } from './remote-file.ts';

const sections = ['services', 'volumes', 'networks', 'secrets', 'configs', 'models'];

interface Including {
  readonly loading: Loading;
  /** Reads files as one document; it includes in turn. */
  readonly load: (paths: readonly string[], loading: Loading, mark?: Mark) => Promise<MapNode | undefined>;
}

/** One entry of `include`. */
interface Inclusion {
  readonly paths: readonly string[];
  /** Absolute. */
  readonly directory: string;
  readonly envFiles: readonly Node[];
  readonly mark: Mark;
}

/**
 * The document with what it includes. An included file has its own project directory and .env file; what two files declare differently
 * is a conflict. Reports `include-cycle`, `include-conflict` and files that cannot be read.
 */
export async function withIncludes(root: MapNode, path: string, { loading, load }: Including): Promise<MapNode> {
  const include = child(root, 'include');
  if (!include) return root;
  const entries = new Map<string, Entry>(root.entries);
  entries.delete('include');
  let result: MapNode = { ...root, entries };
  // What is no list is left for the schema to tell.
  if (include.kind !== 'list') return isNull(include) ? result : root;
  for (const item of include.items) {
    const inclusion = inclusionOf(item, loading);
    if (!inclusion) continue;
    const inner = { ...loading, including: [...loading.including, path] };
    const imported = await importOf(inclusion, { loading: inner, load });
    if (imported) result = imports(imported, result, loading);
  }
  return result;
}

function inclusionOf(item: Node, { directory, report, state }: Loading): Inclusion | undefined {
  const paths = item.kind === 'map' ? textsOf(child(item, 'path')) : textsOf(item);
  const [main] = paths;
  const wrong = wrongPath(paths, item);
  if (wrong || !main) {
    state.named = false;
    if (wrong) report(wrong);
    return undefined;
  }
  const absolute = (node: Node) => absolutePath(textOf(node), directory);
  const folder = child(item, 'project_directory');
  return {
    paths: paths.map(absolute),
    directory: folder?.kind === 'scalar' && folder.text !== '' ? absolute(folder) : dirname(absolute(main)),
    envFiles: textsOf(child(item, 'env_file')),
    mark: item.kind === 'map' ? main.mark : item.mark,
  };
}

function wrongPath(paths: readonly Node[], { mark }: Node): Finding | undefined {
  if (paths[0]?.kind !== 'scalar') return { code: 'missing-key', message: '"path" is missing from an entry of "include"', mark };
  const remote = paths.find((path) => path.kind === 'scalar' && isRemote(path.text));
  return remote && remoteFile(textOf(remote), 'include', remote.mark);
}

const absolutePath = (path: string, directory: string): string => (path.startsWith('/') ? path : joinPath(directory, path));

const textsOf = (node: Node | undefined): readonly Node[] =>
  node?.kind === 'list' ? node.items : node?.kind === 'scalar' && !isNull(node) ? [node] : [];

async function importOf(inclusion: Inclusion, { loading, load }: Including): Promise<MapNode | undefined> {
  const { report } = loading;
  const again = inclusion.paths.find((path) => loading.including.includes(path));
  if (again !== undefined) {
    report({
      code: 'include-cycle',
      message: `this file includes itself: ${[...loading.including, again].join(' -> ')}`,
      mark: inclusion.mark,
    });
    return undefined;
  }
  const variables = await variablesOf(inclusion, loading);
  const lookup = (name: string) => loading.lookup(name) ?? variables.get(name);
  return load(inclusion.paths, { ...loading, directory: inclusion.directory, lookup }, inclusion.mark);
}

/** What the .env files of an included file say; what is set outside wins. */
async function variablesOf({ envFiles, directory, mark }: Inclusion, loading: Loading): Promise<ReadonlyMap<string, string>> {
  const implied = joinPath(directory, '.env');
  const named = envFiles.map((node) => [absolutePath(textOf(node), loading.directory), node.mark] as const);
  const files = named.length > 0 ? named : (await loading.exists(implied)) ? [[implied, mark] as const] : [];
  const variables = new Map<string, string>();
  for (const [path, at] of files) {
    const source = await loading.open(path, at);
    const read = source && readDotenv({ source, outside: loading.lookup, last: (name) => variables.get(name) }, loading.report);
    for (const [name, value] of read ?? []) variables.set(name, value);
  }
  return variables;
}

/** What is declared here and in the included file must be the same. */
function imports(imported: MapNode, root: MapNode, { report }: Loading): MapNode {
  const result = new Map<string, Entry>(root.entries);
  for (const section of sections) {
    const from = imported.entries.get(section);
    if (from?.node.kind !== 'map') continue;
    const own = result.get(section);
    const to = own?.node.kind === 'map' ? own.node : mapNode({}, from.node.mark);
    const merged = new Map<string, Entry>(to.entries);
    for (const [name, entry] of from.node.entries) {
      const have = merged.get(name);
      if (!have) merged.set(name, entry);
      else if (canonicalJson(plainOf(have.node)) !== canonicalJson(plainOf(entry.node))) {
        const message = `"${name}" is declared in ${entry.key.source.name} too, and differently`;
        const hint = 'put it into one file, or change it in an override file that is listed beside the included one';
        report({ code: 'include-conflict', message, mark: have.key, hint });
      }
    }
    result.set(section, { key: own?.key ?? from.key, node: { ...to, entries: merged } });
  }
  return { ...root, entries: result };
}
