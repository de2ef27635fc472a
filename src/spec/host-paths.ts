import { joinPath } from '../lib/posix-path.ts';
import type { Report } from './finding.ts';
import { child, type MapNode, type Node } from './node.ts';
import { rewrite, rulesOf, type Rewrite } from './rules.ts';

export interface Pathing {
  /** What relative paths start from, absolute. */
  readonly directory: string;
  /** What "~" stands for. */
  readonly home: string;
  readonly report: Report;
}

type MakeAbsolute = Rewrite<Pathing>;

const withText = (node: Node, change: (text: string) => string): Node =>
  node.kind === 'scalar' && typeof node.value === 'string' ? { ...node, ...textual(change(node.text)) } : node;

const textual = (text: string) => ({ value: text, text });

/** A path of the host, absolute; an absolute one stays as it is written. */
export function hostPath(path: string, { directory, home }: Pick<Pathing, 'directory' | 'home'>): string {
  const expanded = path.startsWith('~') ? joinPath(home, path.slice(1)) : path;
  return expanded.startsWith('/') || isWindowsPath(expanded) ? expanded : joinPath(directory, expanded);
}

const isWindowsPath = (path: string): boolean => /^.:[\\/]|^\\\\|^\/\//u.test(path);

/** An empty path stays empty. */
const absolute: MakeAbsolute = (node, pathing) => withText(node, (text) => (text === '' ? text : hostPath(text, pathing)));

const anyPath: MakeAbsolute = (node, pathing) => withText(node, (text) => hostPath(text, pathing));

/** What a builder fetches itself, or another service's build, is no path. */
const context: MakeAbsolute = (node, pathing) => withText(node, (text) => (isRemote(text) || text === '' ? text : hostPath(text, pathing)));

export const isRemote = (text: string): boolean => text.includes('://') || /^(?:service:|github\.com\/|git@)/.test(text);

const mount: MakeAbsolute = (node, pathing) => {
  const type = child(node, 'type');
  if (node.kind !== 'map' || type?.kind !== 'scalar' || type.text !== 'bind') return node;
  const source = node.entries.get('source');
  if (!source) {
    pathing.report({ code: 'bad-volume', message: 'the bind mount has no "source"', mark: node.mark });
    return node;
  }
  const path = anyPath(source.node, pathing) ?? source.node;
  return { ...node, entries: new Map(node.entries).set('source', { key: source.key, node: path }) };
};

/** The device of a local volume that is really a bind mount is a path like any other. */
const volume: MakeAbsolute = (node, pathing) => {
  const [driver, options] = [child(node, 'driver'), child(node, 'driver_opts')];
  const [way, device] = [child(options, 'o'), child(options, 'device')];
  if (node.kind !== 'map' || options?.kind !== 'map' || driver?.kind !== 'scalar' || driver.text !== 'local') return node;
  if (way?.kind !== 'scalar' || way.text !== 'bind' || !device) return node;
  const changed = new Map(options.entries).set('device', { key: device.mark, node: anyPath(device, pathing) ?? device });
  return { ...node, entries: new Map(node.entries).set('driver_opts', { key: options.mark, node: { ...options, entries: changed } }) };
};

const rules = rulesOf<MakeAbsolute>({
  'services.*.build.context': context,
  'services.*.build.additional_contexts.*': context,
  'services.*.build.ssh.*': anyPath,
  'services.*.env_file.*.path': absolute,
  'services.*.label_file.*': absolute,
  'services.*.extends.file': absolute,
  'services.*.develop.watch.*.path': absolute,
  'services.*.volumes.*': mount,
  'configs.*.file': anyPath,
  'secrets.*.file': anyPath,
  'volumes.*': volume,
});

/** The document with its paths of the host absolute. Reports a bind mount without a source. */
export const withAbsolutePaths = (root: MapNode, pathing: Pathing): MapNode => rewrite(root, rules, pathing) as MapNode;
