import { describe, expect, it } from 'vitest';
import type { ServiceSpec } from '../../src/model/desired.ts';
import type { Drift } from '../../src/model/drift.ts';
import { drift } from '../../src/plan/drift.ts';
import { plainOptions, type PlanOptions } from '../../src/plan/options.ts';
import { desired, idOf, image, needs, observed, seen, seenNetwork, service, state, volume } from '../kit/builders.ts';

const web = service('web');
const data = volume('data');
const db = service('db', { settings: { volumes: [{ type: 'volume', source: data.name, target: '/data', read_only: false }] } });
const sharer = service('sharer', { settings: { network_mode: 'service:web' }, dependsOn: [needs('web', 'service_started')] });
const once = service('once', { settings: { restart: 'no' } });

const find = (services: readonly ServiceSpec[], machine: Parameters<typeof observed>[0], options: Partial<PlanOptions> = {}) =>
  drift(desired({ services, volumes: [data] }), observed(machine), { ...plainOptions, ...options });

const short = ({ of, name, stands, edited, fields }: Drift): string =>
  [`${of} ${name}`, stands, ...fields.map(({ path }) => path), ...(edited ? ['and the file'] : [])].join(', ');

type Case = readonly [
  what: string,
  services: readonly ServiceSpec[],
  machine: Parameters<typeof observed>[0],
  drifts: readonly string[],
  others?: number,
];

const attached = (id: string) => ({ networks: { shop_default: { aliases: ['web'], id } } });
const cases: readonly Case[] = [
  ['nothing', [web], { containers: [seen(web)] }, []],
  ['was stopped', [web], { containers: [seen(web, { state: state('exited', { exitCode: 137 }) })] }, ['container shop-web-1, down']],
  ['is paused', [web], { containers: [seen(web, { state: state('paused') })] }, ['container shop-web-1, paused']],
  ['was given up by the engine', [web], { containers: [seen(web, { state: state('dead') })] }, ['container shop-web-1, down']],
  ['has done what it was for', [once], { containers: [seen(once, { state: state('exited') })] }, []],
  ['has failed at it', [once], { containers: [seen(once, { state: state('exited', { exitCode: 1 }) })] }, ['container shop-once-1, down']],
  ['was renamed', [web], { containers: [seen(web, { name: 'odd' })] }, ['container shop-web-1, up, container_name']],
  ['was updated', [web], { containers: [seen(web, { settings: { restart: 'no' } })] }, ['container shop-web-1, up, restart']],
  [
    'was disconnected',
    [web],
    { containers: [seen(web, { settings: { networks: {} } })] },
    ['container shop-web-1, up, networks.shop_default'],
  ],
  [
    'hangs on a network that was made again',
    [web],
    { containers: [seen(web, { settings: attached(idOf('another')) })], networks: [seenNetwork('shop_default')] },
    ['container shop-web-1, up, networks.shop_default'],
  ],
  [
    'hangs on a network that is gone',
    [web],
    { containers: [seen(web, { settings: attached(idOf('another')) })], networks: [] },
    ['network shop_default, gone', 'container shop-web-1, up, networks.shop_default'],
  ],
  [
    'is of a volume that is gone',
    [db],
    { containers: [seen(db, { state: state('exited') })] },
    ['volume shop_data, gone', 'container shop-db-1, down'],
  ],
  ['changed in the file', [web], { containers: [seen(web, { settings: { restart: 'no' }, edited: ['restart'] })] }, [], 1],
  [
    'was stopped, and changed in the file',
    [web],
    { containers: [seen(web, { settings: { restart: 'no' }, edited: ['restart'], state: state('exited') })] },
    ['container shop-web-1, down, and the file'],
    1,
  ],
  ['has got another image under its tag', [web], { containers: [seen(web, { from: image('nginx:0') })] }, [], 1],
  ['is declared nowhere any more', [web], { containers: [seen(web), seen(service('old'))] }, [], 1],
  ['was never made', [web, db], { containers: [seen(web)] }, [], 2],
  [
    'shares the network of one that was stopped',
    [web, sharer],
    { containers: [seen(web, { state: state('exited') }), seen(sharer)] },
    ['container shop-web-1, down', 'container shop-sharer-1, up, network_mode'],
  ],
];

describe('drift', () => {
  it.each(cases.map(([what, ...rest]) => [what, rest] as const))('of what %s', (_what, [services, machine, drifts, others = 0]) => {
    const found = find(services, machine);
    expect({ drifts: found.drifts.map(short), others: found.others }).toEqual({ drifts, others });
  });

  const gone = { service: 'db', number: 1 };
  it.each<readonly [string, PlanOptions['left'], readonly string[], number]>([
    ['never there', [], [], 2],
    ['there, as it is declared', [{ ...gone, edited: [] }], ['volume shop_data, gone', 'container shop-db-1, gone'], 0],
    ['there, otherwise', [{ ...gone, edited: ['environment'] }], ['volume shop_data, gone', 'container shop-db-1, gone, and the file'], 1],
    ['there, without the volume', [{ ...gone, edited: ['volumes'] }], ['container shop-db-1, gone, and the file'], 2],
    ['there, nobody knows how', [gone], ['container shop-db-1, gone, and the file'], 2],
  ])('of a container that was %s', (_what, left, drifts, others) => {
    const found = find([db], {}, { left });
    expect({ drifts: found.drifts.map(short), others: found.others }).toEqual({ drifts, others });
  });

  it('tells why, and of which container', () => {
    const stopped = seen(web, { state: state('exited', { exitCode: 137 }), settings: { restart: 'no' } });
    expect(find([web], { containers: [stopped] }).drifts).toMatchObject([
      { id: stopped.id, service: 'web', because: 'it is stopped, exit code 137, it was changed outside the file' },
    ]);
  });

  it('says of what does not run only how it stands, and of what is gone that it was there', () => {
    const machine = { containers: [seen(db, { state: state('exited', { exitCode: 137 }) })] };
    expect(find([db], machine).drifts.map(({ because }) => because)).toEqual(['it was there, and is gone', 'it is stopped, exit code 137']);
    expect(find([web], { containers: [seen(web, { settings: { restart: 'no' } })] }).drifts[0]?.because).toBe(
      'it was changed outside the file',
    );
  });

  it('is no network that is declared nowhere any more', () => {
    const networks = [seenNetwork('shop_default'), seenNetwork('shop_old')];
    expect(find([web], { containers: [seen(web)], networks })).toEqual({ drifts: [], others: 1 });
  });

  it('is no network that its containers were not made with, or that only others use', () => {
    const changed = seen(web, { edited: ['networks'] });
    expect(find([web], { containers: [changed], networks: [] }).drifts.map(({ name }) => name)).toEqual(['shop-web-1']);
    const bare = service('web', { settings: { networks: {} } });
    const other = service('other');
    expect(find([bare, other], { containers: [seen(bare)], networks: [] })).toEqual({ drifts: [], others: 2 });
    const { edited: _edited, ...byCompose } = seen(web, { settings: { networks: { shop_else: { aliases: [] } } } });
    expect(find([web], { containers: [byCompose], networks: [] }).drifts.some(({ of }) => of === 'network')).toBe(false);
    const mounts = [{ type: 'volume' as const, source: 'else', target: '/data', read_only: false }];
    const { edited: _none, ...withoutData } = seen(db, { settings: { volumes: mounts } });
    expect(find([db], { containers: [withoutData] }).drifts.some(({ of }) => of === 'volume')).toBe(false);
  });

  it('is no network that was not of the container that is gone', () => {
    const bare = service('bare', { settings: { networks: {} } });
    const left = [{ service: 'bare', number: 1, edited: [] }];
    expect(find([web, bare], { networks: [] }, { left }).drifts.map(({ name }) => name)).toEqual(['shop-bare-1']);
  });

  it('is looked for in the named services only', () => {
    const down = { state: state('exited') };
    const machine = { containers: [seen(web, down), seen(once, { state: state('exited', { exitCode: 1 }) })] };
    expect(find([web, once], machine, { targets: ['once'], noDependencies: true }).drifts.map(short)).toEqual([
      'container shop-once-1, down',
    ]);
  });
});
