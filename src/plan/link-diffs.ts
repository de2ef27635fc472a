import { present } from '../lib/present.ts';
import { get, names } from '../lib/record.ts';
import type { FieldDiff } from '../model/change.ts';
import { linkOf } from '../model/shares.ts';
import type { Sides } from './diff.ts';
import { flatten } from './flatten.ts';
import type { Pair } from './services.ts';

/**
 * What is wrong with links that read as they should: on one of its networks they are missing, since somebody connected it again without
 * them, or they name containers that the linked service does not have any more. `known` is what is said of the container already.
 */
export function linkDiffs({ want, have }: Required<Pair>, known: readonly FieldDiff[], { desired }: Sides): FieldDiff[] {
  const { links = [], external_links = [], networks = {} } = want.service.settings;
  const isKnown = (path: string): boolean => known.some((field) => field.path === path);
  const seen = names(networks).flatMap((name) => {
    const attachment = get(have.settings.networks ?? {}, name);
    return attachment ? [{ name, links: attachment.links ?? [] }] : [];
  });
  // An engine that was never asked shows none at all
  const linked = [...links, ...external_links].length > 0 && seen.some((each) => each.links.length > 0);
  if (!linked || isKnown('links') || isKnown('external_links')) return [];
  const called = new Set(seen.flatMap((each) => each.links.map((link) => linkOf(link).name)));
  const isStale = (link: string): boolean => {
    const replicas = get(desired.services, linkOf(link).name)?.replicas ?? [];
    return replicas.length > 0 && !replicas.some(({ name }) => called.has(name));
  };
  const stale = links.filter(isStale);
  if (stale.length > 0)
    return [
      {
        path: 'links',
        have: [...called].sort(),
        want: [...links],
        cause: 'file',
        mend: 'replace',
      },
    ];
  const texts = flatten(want.service.settings);
  return seen
    .filter((each) => each.links.length === 0 && !isKnown(`networks.${each.name}`))
    .map(({ name }): FieldDiff => {
      const path = `networks.${name}`;
      return { path, have: 'without links', ...present({ want: get(texts, path) }), cause: 'drift', mend: 'networks' };
    });
}
