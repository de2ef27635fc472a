import { cleanPath } from '../lib/posix-path.ts';
import type { Canonise } from './canonical.ts';
import { mapNode, scalarNode } from './node.ts';
import { optionHint, parseVolume, type ShortVolume } from './parse-volume.ts';

/** A mount in its long form. Reports `bad-volume`, and warns of options without meaning and of what is read as a Windows drive. */
export const canonicalMount: Canonise = (item, { report, raw }) => {
  if (item.kind !== 'scalar') return item;
  const parsed = parseVolume(item.text);
  if (!parsed.ok) {
    if (!raw) report({ ...parsed.error, mark: item.mark });
    return item;
  }
  for (const option of parsed.value.unknown) {
    const message = `"${option}" is not an option of a mount`;
    report({ code: 'unknown-option', severity: 'warning', message, mark: item.mark, hint: optionHint(option) });
  }
  if (parsed.value.source === undefined && /^\p{L}:/u.test(item.text)) {
    const message = `"${item.text}" is read as a path of Windows, not as the volume "${item.text.slice(0, 1)}"`;
    report({ code: 'volume-one-letter', severity: 'warning', message, mark: item.mark, hint: 'give the volume a longer name' });
  }
  const long = longForm(parsed.value, item);
  // A path of one letter is read on a way of its own in the reference, which its configuration hash shows
  return item.text.length > 2 ? long : { ...long, entries: new Map([...long.entries].filter(([key]) => key !== 'volume')) };
};

function longForm({ type, source, target, readOnly, nocopy, selinux, propagation }: ShortVolume, { mark }: Parameters<Canonise>[0]) {
  const text = (value: string | undefined) => (value === undefined ? undefined : scalarNode(value, mark));
  const yes = scalarNode(true, mark);
  const bind = { selinux: text(selinux), propagation: text(propagation), create_host_path: type === 'bind' ? yes : undefined };
  const hasBind = type === 'bind' || selinux !== undefined || propagation !== undefined;
  return mapNode(
    {
      type: text(type),
      source: text(source),
      target: text(cleanPath(target)),
      read_only: readOnly ? yes : undefined,
      bind: hasBind ? mapNode(bind, mark) : undefined,
      volume: type === 'volume' || nocopy ? mapNode({ nocopy: nocopy ? yes : undefined }, mark) : undefined,
    },
    mark,
  );
}
