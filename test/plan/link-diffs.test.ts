import { expect, it } from 'vitest';
import type { FieldDiff } from '../../src/model/change.ts';
import type { Settings } from '../../src/model/settings.ts';
import { linkDiffs } from '../../src/plan/link-diffs.ts';
import { plainOptions } from '../../src/plan/options.ts';
import { desired, observed, seen, service } from '../kit/builders.ts';

interface Case {
  readonly want: Partial<Settings>;
  /** The links that the engine shows on each network that the container is on. */
  readonly shown: { readonly [network: string]: readonly string[] | undefined };
  readonly known?: readonly string[];
}

function found({ want, shown, known = [] }: Case): readonly FieldDiff[] {
  const web = service('web', { settings: want });
  const networks = Object.fromEntries(
    Object.entries(shown).map(([name, links]) => [name, { aliases: [], ...(links && { links }) }] as const),
  );
  const have = seen(web, { settings: { networks } });
  const services = [web, service('db', { replicas: 2 }), service('none', { replicas: 0 })];
  const sides = { desired: desired({ services }), observed: observed(), options: plainOptions };
  const fields = known.map((path): FieldDiff => ({ path, cause: 'file', mend: 'replace' }));
  return linkDiffs({ want: { service: web, replica: web.replicas[0]! }, have }, fields, sides);
}

const at = { aliases: ['web'] };
const two = { networks: { a: at, b: at } };
const db = ['shop-db-1:db', 'shop-db-1:db-1'];
const missing = [{ path: 'networks.b', have: 'without links', want: 'web', cause: 'drift', mend: 'networks' }];
const stale = (have: readonly string[], want: readonly string[]) => [{ path: 'links', have, want, cause: 'file', mend: 'replace' }];

it.each<readonly [string, Case, readonly unknown[]]>([
  ['all as they should be', { want: { ...two, links: ['db'] }, shown: { a: db, b: db } }, []],
  ['none at all: no engine was asked for any', { want: { ...two, links: ['db'] }, shown: { a: undefined, b: [] } }, []],
  ['none is declared', { want: two, shown: { a: db, b: [] } }, []],
  ['missing on one network', { want: { ...two, links: ['db'] }, shown: { a: db, b: [] } }, missing],
  ['external ones missing on one network', { want: { ...two, external_links: ['x:y'] }, shown: { a: ['x:y'], b: undefined } }, missing],
  [
    'missing on a network that is said to differ already',
    { want: { ...two, links: ['db'] }, shown: { a: db, b: [] }, known: ['networks.b'] },
    [],
  ],
  [
    'missing, where another network is said to differ',
    { want: { ...two, links: ['db'] }, shown: { a: db, b: [] }, known: ['networks.a'] },
    missing,
  ],
  ['missing, where the links are said to differ', { want: { ...two, links: ['db'] }, shown: { a: db, b: [] }, known: ['links'] }, []],
  [
    'missing, where the external ones are said to differ',
    { want: { ...two, links: ['db'] }, shown: { a: db, b: [] }, known: ['external_links'] },
    [],
  ],
  ['a network that it is not on', { want: { ...two, links: ['db'] }, shown: { a: db } }, []],
  [
    'containers that the service does not have any more',
    { want: { ...two, links: ['db:x'] }, shown: { a: ['shop-old-2:db', 'shop-db-9:db', 'shop-old-1:db'], b: [] } },
    stale(['shop-db-9', 'shop-old-1', 'shop-old-2'], ['db:x']),
  ],
  [
    'one of several containers of the service',
    { want: { ...two, links: ['db'] }, shown: { a: ['shop-db-2:db'], b: ['shop-db-2:db'] } },
    [],
  ],
  [
    'a service of which none is wanted',
    { want: { ...two, links: ['none'] }, shown: { a: ['shop-none-1:none'], b: ['shop-none-1:none'] } },
    [],
  ],
  ['a service that is nowhere', { want: { ...two, links: ['gone'] }, shown: { a: ['x:gone'], b: ['x:gone'] } }, []],
])('links: %s', (_how, one, fields) => expect(found(one)).toEqual(fields));

it('a network without a word of its own gets none', () => {
  expect(found({ want: { networks: { a: at, b: { aliases: [] } }, links: ['db'] }, shown: { a: db, b: [] } })).toEqual([
    { ...missing[0], want: '' },
  ]);
});
