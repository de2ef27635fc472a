import { expect, it } from 'vitest';
import { plan } from '../../src/plan/plan.ts';
import { plainOptions, type PlanOptions } from '../../src/plan/options.ts';
import { desired, idOf, network, observed, seen, seenNetwork, service, state } from '../kit/builders.ts';

const web = service('web');
const gone = seen(service('gone'));
const elsewhere = { files: ['/elsewhere/compose.yaml'] };

function outcome(
  machine: Parameters<typeof observed>[0],
  more: { readonly wanted?: Parameters<typeof desired>[0]; readonly options?: Partial<PlanOptions> } = {},
): string[] {
  const made = plan(desired({ services: [web], ...more.wanted }), observed(machine), { ...plainOptions, ...more.options });
  return [
    ...made.changes.filter(({ verb }) => verb === 'remove').map(({ name, because }) => `remove ${name}: ${because}`),
    ...made.problems.map(({ code, severity, message }) => `${severity} ${code}: ${message}`),
  ];
}

it('removes a container that these files declared and do not declare any more', () => {
  expect(outcome({ containers: [seen(web), gone] })).toEqual(['remove shop-gone-1: service gone is not declared any more']);
});

it('removes surplus replicas, and second containers of a service', () => {
  const twin = { ...seen(web), id: idOf('twin'), name: 'shop-web-1.next', state: state('exited') };
  expect(outcome({ containers: [seen(web), seen(web, { number: 2, name: 'shop-web-2' }), twin] })).toEqual([
    'remove shop-web-1.next: a second container of its service',
    'remove shop-web-2: web has 1 replicas now',
  ]);
});

it('leaves a container alone that other files declared, and names them', () => {
  const left = { ...gone, ...elsewhere };
  expect(outcome({ containers: [seen(web), left] })).toEqual([
    'warning orphan-of-other-files: container shop-gone-1 (service gone) belongs to this stack but was declared in /elsewhere/compose.yaml, which was not read now; it is left alone',
  ]);
  expect(outcome({ containers: [seen(web), { ...gone, workingDir: '/elsewhere' }] })[0]).toMatch(/^warning orphan-of-other-files/);
  expect(outcome({ containers: [seen(web), left] }, { options: { removeOrphans: true } })).toEqual([
    'remove shop-gone-1: service gone is not declared any more',
  ]);
});

it('names each file, or that it was another folder', () => {
  const warned = (more: Parameters<typeof seen>[1]) => outcome({ containers: [seen(web), seen(service('gone'), more)] })[0];
  expect(warned({ files: ['/a.yaml', '/b.yaml'] })).toContain('was declared in /a.yaml, /b.yaml, which was not read now');
  expect(warned({ files: [], workingDir: '/elsewhere' })).toContain('was declared in another folder, which was not read now');
});

it('counts a service of an inactive profile as declared', () => {
  expect(outcome({ containers: [seen(web), gone] }, { wanted: { inactiveServices: ['gone'] } })).toEqual([]);
});

it('looks for none when only some services are meant', () => {
  expect(outcome({ containers: [seen(web), gone] }, { options: { targets: ['web'] } })).toEqual([]);
});

it.each<readonly [string, Parameters<typeof seenNetwork>[1], readonly string[]]>([
  ['one of this stack', {}, ['remove shop_old: declared nowhere']],
  ['one of another stack', { stack: 'blog' }, []],
])('removes an undeclared network: %s', (_name, more, expected) => {
  expect(outcome({ networks: [seenNetwork('shop_default'), seenNetwork('shop_old', more)], containers: [seen(web)] })).toEqual(expected);
});

it('keeps a network that somebody who stays is attached to, or that is declared and not used', () => {
  const networks = [seenNetwork('shop_default'), seenNetwork('shop_old')];
  const user = seen(service('gone', { settings: { networks: { shop_old: { aliases: [] } } } }), elsewhere);
  expect(outcome({ networks, containers: [seen(web), user] })).toEqual([expect.stringMatching(/^warning/)]);
  expect(
    outcome(
      { networks, containers: [seen(web)] },
      { wanted: { places: { 'networks.old': { file: 'compose.yaml', line: 1, column: 1 } } } },
    ),
  ).toEqual([]);
  expect(outcome({ networks, containers: [seen(web)] }, { wanted: { networks: [network('default'), network('old')] } })).toEqual([]);
});

it('keeps a network of a surplus replica that is left alone', () => {
  const networks = [seenNetwork('shop_default'), seenNetwork('shop_old')];
  const surplus = seen(web, { ...elsewhere, number: 2, name: 'shop-web-2', settings: { networks: { shop_old: { aliases: [] } } } });
  expect(outcome({ networks, containers: [seen(web), surplus] })).toEqual([expect.stringMatching(/^warning/)]);
});

it('never removes a volume', () => {
  const { steps } = plan(
    desired(),
    observed({ volumes: [{ name: 'shop_data', driver: 'local', driverOptions: {}, labels: {}, stack: 'shop' }], containers: [gone] }),
  );
  expect(steps.map(({ action }) => action.kind)).not.toContain('volume.discard');
});

it('gives what a crash left aside its name back, and never adds to the name', () => {
  const aside = { ...seen(web), name: `shop-web-1.before-${seen(web).id.slice(0, 12)}`, state: state('exited') };
  const ids = plan(desired({ services: [web] }), observed({ containers: [aside] })).steps.map(({ id }) => id);
  expect(ids).toEqual([`container.rename ${aside.name}`, 'container.start shop-web-1', 'service.await shop-web-1']);
  const changed = { ...aside, settings: { ...aside.settings, user: 'nobody' } };
  const names = plan(desired({ services: [web] }), observed({ containers: [changed] }))
    .steps.map(({ id }) => id)
    .join(' ');
  expect(names).not.toMatch(/before-\w+\.before/);
});
