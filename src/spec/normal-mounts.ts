import { resolvePath } from '../lib/posix-path.ts';
import { child, listNode, mapNode, scalarNode, type Node } from './node.ts';
import { flag, hostPath, mapOf, normaliseEntries, size, textOf, wholeNumber, type Normalise, type Scope } from './normal-values.ts';
import { parseVolume } from './parse-volume.ts';

/** Mounts in their long form, host paths absolute. Reports `bad-volume`, and warns of a volume that is read as a Windows drive. */
export const mounts: Normalise = (node, scope) =>
  node.kind === 'list'
    ? { ...node, items: node.items.flatMap((item) => (item.kind === 'map' ? longMount(item, scope) : shortMount(item, scope))) }
    : listNode([], node.mark);

function shortMount(item: Node, scope: Scope): readonly Node[] {
  const text = textOf(item);
  const parsed = parseVolume(text);
  if (!parsed.ok) {
    scope.report({ ...parsed.error, mark: item.mark });
    return [];
  }
  const { type, source, target, readOnly } = parsed.value;
  if (source === undefined && /^\p{L}:/u.test(text)) {
    const message = `"${text}" is read as a path of Windows, not as the volume "${text.slice(0, 1)}"`;
    scope.report({ code: 'volume-one-letter', severity: 'warning', message, mark: item.mark, hint: 'give the volume a longer name' });
  }
  const scalar = (value: string | boolean) => scalarNode(value, item.mark);
  return [
    mapNode(
      {
        type: scalar(type),
        source: source === undefined ? undefined : scalar(type === 'bind' ? hostPath(source, scope) : source),
        target: scalar(cleanTarget(target)),
        read_only: readOnly ? scalar(true) : undefined,
        ...(type === 'bind' ? { bind: mapNode({ create_host_path: scalar(true) }, item.mark) } : { volume: mapNode({}, item.mark) }),
      },
      item.mark,
    ),
  ];
}

const options = mapOf({
  read_only: flag,
  bind: mapOf({ create_host_path: flag }),
  tmpfs: mapOf({ size, mode: wholeNumber }),
});

function longMount(item: Node, scope: Scope): readonly Node[] {
  const type = textOf(child(item, 'type'));
  const source = textOf(child(item, 'source'));
  const wrong = (key: string, code: string, message: string) => {
    scope.report({ code, message, mark: child(item, key)?.mark ?? item.mark });
    return [];
  };
  if (['image', 'npipe', 'cluster'].includes(type))
    return wrong('type', 'key-not-supported', `"${type}" is not supported by this version yet`);
  if (!['volume', 'bind', 'tmpfs'].includes(type))
    return wrong('type', 'bad-volume', `"${type}" is not a type of mount: volume, bind or tmpfs`);
  if (textOf(child(item, 'target')) === '') return wrong('target', 'bad-volume', 'the mount has no "target"');
  if (type === 'bind' && source === '') return wrong('source', 'bad-volume', 'the bind mount has no "source"');
  const normal = options(item, scope);
  if (normal?.kind !== 'map') return [];
  return [
    normaliseEntries(normal, (value, key) => {
      if (key === 'target') return scalarNode(cleanTarget(textOf(value)), value.mark);
      if (key === 'source' && type === 'bind') return scalarNode(hostPath(source, scope), value.mark);
      return value;
    }),
  ];
}

const cleanTarget = (target: string): string => (target.startsWith('/') ? resolvePath('/', target) : target);
