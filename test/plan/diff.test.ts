import { describe, expect, it } from 'vitest';
import { idOf, image, needs, network, seen, seenNetwork, seenVolume, service, state, volume } from '../kit/builders.ts';
import { changeOf, changes, fieldsOf, type Case } from './diff-kit.ts';

const db = service('db');
const changed = seen(db, { settings: { user: 'x' } });
const byFile = { ...changed, edited: ['user'] };

describe('networks and volumes', () => {
  it('are made where a service of the plan uses them and they are not there', () => {
    const used = { volumes: [{ type: 'volume' as const, source: 'shop_data', target: '/data', read_only: false }] };
    const wanted = {
      networks: [network('default'), network('back'), network('far', { external: true })],
      volumes: [volume('data'), volume('old'), volume('far', { external: true })],
    };
    const web = service('web', { settings: { ...used, networks: { shop_default: { aliases: [] }, shop_far: { aliases: [] } } } });
    const made = changes({ services: [web, service('db')], machine: { networks: [] }, wanted }).flatMap((change) =>
      change.of !== 'container' && change.verb === 'create' ? [`${change.of} ${change.want.name}: ${change.because}`] : [],
    );
    expect(made).toEqual(['network shop_default: it is not there yet', 'volume shop_data: it is not there yet']);
    expect(changes({ services: [web], machine: { networks: [] }, options: { targets: ['nobody'] }, wanted })).toEqual([]);
  });

  it('go where they were only kept for the way back of a run that was interrupted', () => {
    const [kept, data] = [seenVolume('shop_data.before', { leftover: true }), seenVolume('shop_data')];
    expect(changes({ services: [], machine: { volumes: [data, kept] } })).toEqual([
      { of: 'volume', verb: 'remove', have: kept, because: 'the interrupted run needs no way back any more' },
    ]);
  });
});

describe('what is said of a container', () => {
  it('is why each of its fields differs, what comes from the files first, and how it stands', () => {
    const web = service('web', { settings: { user: '1', working_dir: '/a' } });
    const have = seen(web, { settings: { user: '2', working_dir: '/b' }, edited: ['user'], state: state('exited', { exitCode: 3 }) });
    expect(changeOf({ services: [web], machine: { containers: [have] } })?.because).toBe(
      'the file changed, it was changed outside the file, it is stopped, exit code 3',
    );
    const content = { sealed: 'x', shown: '' };
    const bound = service('web', { settings: { volumes: [{ type: 'bind', source: '/a', target: '/a', read_only: true, content }] } });
    expect(changeOf({ services: [bound], machine: { containers: [seen(bound, { edited: ['content./a'] })] } })?.because).toBe(
      'a file that it reads changed',
    );
  });

  it('is that it shall be made anew, where a person asked for that', () => {
    const web = service('web');
    const change = changeOf({ services: [web], machine: { containers: [seen(web)] }, options: { forceRecreate: true } });
    expect(change).toMatchObject({ verb: 'replace', because: 'the file changed' });
    expect(change).toMatchObject({ fields: [{ path: 'container', want: 'recreated (--force-recreate)', cause: 'file', mend: 'replace' }] });
  });

  it('is that it is gone, where the last apply left it', () => {
    const left = [{ service: 'db', number: 1, edited: ['user'] }];
    const services = [service('web'), db];
    expect(changeOf({ services, options: { left } })).not.toHaveProperty('gone');
    expect(changeOf({ services, options: { left } }, 'db')).toMatchObject({ verb: 'create', gone: true, edited: ['user'] });
  });

  it('is nothing where it has done its one thing, and that it stands still where it has not', () => {
    const job = service('web', { settings: { restart: 'no' } });
    const standing = (exitCode: number) =>
      changeOf({ services: [job], machine: { containers: [seen(job, { state: state('exited', { exitCode }) })] } });
    expect([standing(0), standing(1)]).toMatchObject([undefined, { verb: 'start', because: 'it is stopped, exit code 1' }]);
  });
});

describe('who asked to start anew with another one', () => {
  const web = service('web', { dependsOn: [needs('db', 'service_started', { restart: true }), needs('mq', 'service_started')] });
  const mq = service('mq');
  const all = (have = changed, own = seen(web)): Case => ({ services: [web, db, mq], machine: { containers: [have, own, seen(mq)] } });

  it('does, when that one is made anew or comes for the first time, for the same cause', () => {
    expect(fieldsOf(all())).toEqual(['depends_on.db.restart drift restart']);
    expect(fieldsOf(all(byFile))).toEqual(['depends_on.db.restart file restart']);
    expect(fieldsOf({ services: [web, db, mq], machine: { containers: [seen(web), seen(mq)] } })).toEqual([
      'depends_on.db.restart file restart',
    ]);
    expect(changeOf(all())).toMatchObject({ fields: [{ want: true }] });
  });

  it('does, when that one starts anew for a file that it reads', () => {
    const content = { sealed: 'x', shown: '' };
    const reads = service('db', {
      replicas: 2,
      onConfigChange: 'restart',
      settings: { volumes: [{ type: 'bind', source: '/a', target: '/a', read_only: true, content }] },
    });
    const twins = [seen(reads, { edited: ['content./a'] }), seen(reads, { number: 2, edited: ['content./a'] })];
    const one = (have: readonly ReturnType<typeof seen>[]): Case => ({
      services: [web, reads, mq],
      machine: { containers: [...have, seen(web), seen(mq)] },
    });
    expect(fieldsOf(one(twins))).toEqual(['depends_on.db.restart content restart'.replace('content', 'file')]);
    expect(fieldsOf(one([twins[0]!, seen(reads, { number: 2 })]))).toEqual(['depends_on.db.restart file restart']);
    expect(fieldsOf(one([seen(reads), seen(reads, { number: 2 })]))).toEqual([]);
    const renamed = [
      seen(reads, { edited: ['content./a'], settings: { ...twins[0]!.settings, restart: 'no' } }),
      seen(reads, { number: 2 }),
    ];
    expect(fieldsOf(one(renamed))).toEqual(['depends_on.db.restart file restart']);
  });

  it('does not, when that one is only changed in place, or another one is made anew', () => {
    expect(fieldsOf(all(seen(db, { settings: { restart: 'no' } })))).toEqual([]);
    const one: Case = { services: [web, db, mq], machine: { containers: [seen(db), seen(web), seen(mq, { settings: { user: 'x' } })] } };
    expect(fieldsOf(one)).toEqual([]);
  });

  it('need not, where it is made anew itself', () => {
    expect(fieldsOf(all(changed, seen(web, { settings: { user: 'x' } })))).toEqual(['user drift replace']);
    expect(fieldsOf(all(changed, seen(web, { settings: { restart: 'no' } })))).toEqual([
      'restart drift update',
      'depends_on.db.restart drift restart',
    ]);
  });

  it('does, where it is only made anew if its image turns out to be another one', () => {
    const images = { 'nginx:1': { ...image('nginx:1'), inRegistry: 'newer' as const } };
    const other = service('db', { settings: { image: 'db:1' } });
    const one: Case = {
      services: [web, other, mq],
      machine: {
        images: { ...images, 'db:1': image('db:1') },
        containers: [seen(other, { settings: { user: 'x' } }), seen(web), seen(mq)],
      },
    };
    expect(fieldsOf(one)).toEqual(['image image replace', 'depends_on.db.restart drift restart']);
  });
});

describe('a network that is made anew', () => {
  const web = service('web', { settings: { networks: { shop_default: { aliases: ['web'] }, shop_back: { aliases: ['web'] } } } });
  const again = { networks: [network('default', { internal: true }), network('back')] };
  const machine = (have = seen(web)) => ({ networks: [seenNetwork('shop_default'), seenNetwork('shop_back')], containers: [have] });
  const options = { allowDestroy: ['network/default'] };
  const id = idOf('network shop_default').slice(0, 12);

  it('takes all who are on it along, and they leave it first', () => {
    const change = changeOf({ services: [web], machine: machine(), wanted: again, options });
    expect(change).toMatchObject({ verb: 'replace', leaves: ['shop_default'] });
    expect(change).not.toHaveProperty('frees');
    expect(change).toMatchObject({
      fields: [{ path: 'networks.shop_default', have: `network ${id}`, want: 'a new network', cause: 'file' }],
    });
    const off = changeOf({ services: [service('web', { settings: { networks: {} } })], machine: {}, wanted: again, options });
    expect(off).not.toHaveProperty('leaves');
  });

  it('is another one already for who hung on the one before it', () => {
    const stale = seen(web, {
      settings: {
        networks: {
          shop_default: { aliases: ['web'], id: idOf('before') },
          shop_back: { aliases: ['web'], id: idOf('network shop_back') },
        },
      },
    });
    expect(fieldsOf({ services: [web], machine: machine(stale), wanted: again, options })).toEqual(['networks.shop_default drift replace']);
  });

  it('is said beside what else is a reason to make a container anew', () => {
    expect(fieldsOf({ services: [web], machine: machine(seen(web, { settings: { user: 'x' } })), wanted: again, options })).toEqual([
      'user drift replace',
      'networks.shop_default file replace',
    ]);
  });

  it('is said once where an address of hardware is another one too', () => {
    const mac = { mac_address: { shop_default: '02:00:00:00:00:01' } };
    const own = service('web', { settings: { ...mac, networks: { shop_default: { aliases: ['web'] }, shop_back: { aliases: ['web'] } } } });
    const id = (name: string) => ({ aliases: [], id: idOf(`network ${name}`) });
    const have = seen(own, { settings: { networks: { shop_default: id('shop_default'), shop_back: id('shop_back') } } });
    expect(fieldsOf({ services: [own], machine: machine(have), wanted: again, options })).toEqual([
      'networks.shop_back drift networks',
      'networks.shop_default drift replace',
    ]);
  });

  it('is left first also by whoever only goes', () => {
    const gone = seen(service('gone', { settings: { networks: { shop_default: { aliases: [] } } } }));
    const found = changes({ services: [web], machine: { ...machine(), containers: [seen(web), gone] }, wanted: again, options });
    expect(found.find(({ verb }) => verb === 'remove')).toMatchObject({ leaves: ['shop_default'] });
    const plain = changes({ services: [web], machine: { ...machine(), containers: [seen(web), gone] } });
    expect(plain.find(({ verb }) => verb === 'remove')).not.toHaveProperty('leaves');
  });

  it('is said in place of what else differs in it, and beside what differs elsewhere', () => {
    const aliased = seen(web, {
      settings: {
        networks: {
          shop_default: { aliases: [], id: idOf('network shop_default') },
          shop_back: { aliases: ['x'], id: idOf('network shop_back') },
        },
      },
    });
    expect(fieldsOf({ services: [web], machine: machine(aliased), wanted: again, options })).toEqual([
      'networks.shop_back drift networks',
      'networks.shop_default file replace',
    ]);
  });
});
