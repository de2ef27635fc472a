import { describe, expect, it } from 'vitest';
import type { Settings } from '../../src/model/settings.ts';
import { facts, idOf, network, seen, seenNetwork, seenVolume, service, state, volume } from '../kit/builders.ts';
import { problems, web } from './problems-kit.ts';

const data = web({ volumes: [{ type: 'volume', source: 'shop_data', target: '/data', read_only: false }] });
const old = { ...facts, version: '20.10.5', apiVersion: '1.41' };

describe('networks', () => {
  const lines = ['networks.default', 'networks.default.driver', 'networks.default.labels.a'];

  it('that are missing, foreign, or other than declared', () => {
    const of = (more: Parameters<typeof network>[1], seenAs?: Parameters<typeof seenNetwork>[1]) =>
      problems({
        wanted: { networks: [network('default', more)] },
        machine: { networks: seenAs ? [seenNetwork('shop_default', seenAs)] : [] },
        lines,
      });
    const all = [
      of({ external: true }),
      of({}, { stack: 'blog' }),
      of({ driver: 'overlay', internal: true }, { labels: { b: '2' } }),
      of({ labels: { a: '1' } }, {}),
    ];
    expect(all.join('\n')).toMatchInlineSnapshot(`
      "error network-missing @networks.default: external network shop_default is not there
        create it, or declare it without external
      error network-foreign @networks.default: a network shop_default is there already and does not belong to stack shop
        declare it with external: true, or give yours another name
      error network-must-be-replaced @networks.default.driver: network shop_default has driver bridge instead of overlay, internal false instead of true, labels.b 2, which is not declared; it would have to be removed and made again, and everything on it would be stopped
        allow it with --allow-destroy network/default, or declare it as it is, or give it another name
      warning network-differs @networks.default.labels.a: network shop_default keeps no labels.a instead of 1: an engine cannot change a network that is there
        make it anew with --allow-destroy network/default, which stops everything on it for that time, or declare it as it is"
    `);
  });

  it('that are to be made anew while somebody stays on them', () => {
    const stays = seen(service('api'), {
      files: ['/elsewhere.yaml'],
      settings: { networks: { shop_default: { aliases: [], id: idOf('network shop_default') } } },
    });
    const elsewhere = {
      ...stays,
      name: 'x',
      id: 'x',
      settings: { ...stays.settings, networks: { shop_default: { aliases: [], id: 'other' } } },
    };
    expect(
      problems({
        wanted: { networks: [network('default', { internal: true })] },
        machine: { containers: [stays, elsewhere] },
        options: { allowDestroy: ['network/default'] },
      }),
    ).toMatchInlineSnapshot(`
      "error network-in-use: network shop_default cannot be made anew: container shop-api-1 is on it, which this plan leaves as it is
        let this plan include its service, or remove that container
      warning orphan-of-other-files: container shop-api-1 (service api) belongs to this stack but was declared in /elsewhere.yaml, which was not read now; it is left alone
        name that file with -f as well, or remove the container with --remove-orphans
      warning orphan-of-other-files: container x (service api) belongs to this stack but was declared in /elsewhere.yaml, which was not read now; it is left alone
        name that file with -f as well, or remove the container with --remove-orphans"
    `);
  });

  it('that a person allowed to be destroyed and that are none', () => {
    expect(problems({ options: { allowDestroy: ['network/defualt', 'network/shop_default', 'volume/x'] } })).toMatchInlineSnapshot(`
      "error unknown-network: --allow-destroy network/defualt: the stack has no such network
        the stack has: default
      error unknown-volume: --allow-destroy volume/x: the stack has no such volume
        the stack has: none"
    `);
    expect(problems({ options: { allowDestroy: ['network/x'] }, wanted: { networks: [] }, services: [] })).toMatchInlineSnapshot(`
      "error unknown-network: --allow-destroy network/x: the stack has no such network
        the stack has: none"
    `);
  });
});

describe('volumes', () => {
  const lines = ['volumes.data', 'volumes.data.driver', 'volumes.data.driver_opts.type', 'volumes.data.labels.a'];

  it('that are missing, foreign, or other than declared', () => {
    const of = (more: Parameters<typeof volume>[1], seenAs?: Parameters<typeof seenVolume>[1]) =>
      problems({
        services: [data],
        wanted: { volumes: [volume('data', more)] },
        machine: { volumes: seenAs ? [seenVolume('shop_data', seenAs)] : [] },
        lines,
      });
    const all = [
      of({}),
      of({ external: true }),
      of({ external: true }, { stack: 'blog' }),
      of({}, { stack: 'blog' }),
      of({ driver: 'nfs', driverOptions: { type: 'a' } }, { driverOptions: { type: 'b', o: 'ro' } }),
      of({ driverOptions: { type: 'a' } }, {}),
      of({ labels: { a: '1' } }, { labels: { b: '2' } }),
    ];
    expect(all.join('\n')).toMatchInlineSnapshot(`
      "
      error volume-missing @volumes.data: external volume shop_data is not there
        create it, or declare it without external

      warning volume-foreign @volumes.data: volume shop_data was not made by stack shop; it is used as it is
        declare it with external: true to say that this is meant
      error volume-must-be-replaced @volumes.data.driver: volume shop_data has driver local instead of nfs, driver option o, which is not declared, driver option type; it would have to be removed and made again, and all that is in it would be lost
        one of three ways out: leave it (declare it as it is); migrate it (stackctl volume backup data, then stackctl apply --allow-destroy volume/data, then stackctl volume restore data); or make it anew without what is in it (stackctl apply --allow-destroy volume/data)
      error volume-must-be-replaced @volumes.data.driver_opts.type: volume shop_data has driver option type; it would have to be removed and made again, and all that is in it would be lost
        one of three ways out: leave it (declare it as it is); migrate it (stackctl volume backup data, then stackctl apply --allow-destroy volume/data, then stackctl volume restore data); or make it anew without what is in it (stackctl apply --allow-destroy volume/data)
      warning volume-differs @volumes.data.labels.a: volume shop_data keeps no labels.a instead of 1, labels.b 2, which is not declared: an engine cannot change the labels of a volume that is there
        declare them as they are; to make it anew, without what is in it: stackctl down, docker volume rm shop_data, stackctl apply"
    `);
  });
});

describe('services', () => {
  const lines = ['services.web', 'services.web.container_name', 'services.web.read_only', 'services.web.build', 'services.web.image'];

  it('whose names are taken, whose files cannot be put in, whose secrets cannot be given, or that fall over', () => {
    const other = { id: idOf('x'), name: 'shop-web-1', running: true, ports: [] };
    const files = [{ kind: 'config', name: 'c', target: '/c', content: 'x', uid: 0, gid: 0, mode: 0o444 } as const];
    const build = { context: '/srv', dockerfile: '/srv/Dockerfile', args: {}, secrets: { t: { sealed: 'x', shown: '(sensitive)' } } };
    const restarting = seen(service('web'), { state: state('restarting', { restartCount: 9, exitCode: 1 }) });
    const all = [
      problems({ machine: { others: [{ ...other, stack: 'blog' }] }, lines }),
      problems({ machine: { others: [{ ...other, running: false }] }, lines: ['services.web'] }),
      problems({ services: [web({ read_only: true, files })], lines }),
      problems({ services: [web({ read_only: true, files: [] })] }),
      problems({ services: [web({}, { build })], machine: { builder: 'classic' }, lines }),
      problems({ machine: { containers: [restarting] }, lines }),
    ];
    expect(all.join('\n')).toMatchInlineSnapshot(`
      "error name-taken @services.web.container_name: the container name shop-web-1 is taken by a container of stack blog (2d711642b726, running)
        remove or rename that container, or give this one another container_name
      error name-taken @services.web: the container name shop-web-1 is taken by a container of no stack (2d711642b726, stopped)
        remove or rename that container, or give this one another container_name
      error read-only-files @services.web.read_only: web is read_only, so its configs and secrets without a file cannot be put into it
        give them a file: instead of content: or environment:

      error no-buildkit @services.web.build: the build of web is given secrets, but this engine (docker 28.5.2) offers no BuildKit, which alone has them
        this needs BuildKit: Docker 23 or newer, or "features": {"buildkit": true} in the daemon.json of an older one
      warning crash-loop @services.web: container shop-web-1 is in a crash loop: 9 restarts, exit code 1
        see its log: docker logs shop-web-1"
    `);
  });

  it('that want what this engine drops', () => {
    const drops = [
      'networks.gw_priority',
      'networks.interface_name',
      'networks.mac_address',
      'volumes.image',
      'volumes.subpath',
      'volumes.recursive',
      'sysctls',
    ];
    const engine = { ...old, drops };
    const attachment = { aliases: [], gw_priority: 7, driver_opts: { 'com.docker.network.endpoint.ifname': 'eth7' } };
    const settings: Partial<Settings> = {
      networks: { shop_default: attachment, shop_back: attachment, shop_plain: { aliases: [], gw_priority: 0, driver_opts: {} } },
      mac_address: { shop_default: '02:00:00:00:00:01', shop_back: '02:00:00:00:00:02' },
      sysctls: { 'net.core.somaxconn': '1' },
      volumes: [
        { type: 'image', source: 'nginx:1', target: '/pages', read_only: true, subpath: 'a' },
        { type: 'bind', source: '/srv', target: '/srv', read_only: true, recursive: 'readonly' },
        { type: 'bind', source: '/x', target: '/x', read_only: true, recursive: 'disabled' },
      ],
    };
    const world = {
      services: [web(settings)],
      wanted: { networks: ['default', 'back', 'plain'].map((key) => network(key)) },
      lines: ['services.web.networks.back.gw_priority', 'services.web.volumes', 'services.web.volumes./srv'],
    };
    expect(problems({ ...world, machine: { engine } })).toMatchInlineSnapshot(`
      "error dropped-by-engine: sysctls.net.core.somaxconn of web has no effect: this engine (docker 20.10.5, API 1.41) drops it
        take it out, or use a newer engine
      error dropped-by-engine @services.web.networks.back.gw_priority: gw_priority of web on network shop_back has no effect: this engine (docker 20.10.5, API 1.41) drops it
        take it out, or use a newer engine
      error dropped-by-engine: interface_name of web on network shop_back has no effect: this engine (docker 20.10.5, API 1.41) drops it
        take it out, or use a newer engine
      error dropped-by-engine: gw_priority of web on network shop_default has no effect: this engine (docker 20.10.5, API 1.41) drops it
        take it out, or use a newer engine
      error dropped-by-engine: interface_name of web on network shop_default has no effect: this engine (docker 20.10.5, API 1.41) drops it
        take it out, or use a newer engine
      error dropped-by-engine: mac_address of web on network shop_default has no effect: this engine (docker 20.10.5, API 1.41) drops it
        take it out, or use a newer engine
      error dropped-by-engine @services.web.volumes: image of the mount at /pages of web has no effect: this engine (docker 20.10.5, API 1.41) drops it
        take it out, or use a newer engine
      error dropped-by-engine @services.web.volumes: subpath of the mount at /pages of web has no effect: this engine (docker 20.10.5, API 1.41) drops it
        take it out, or use a newer engine
      error dropped-by-engine @services.web.volumes./srv: recursive of the mount at /srv of web has no effect: this engine (docker 20.10.5, API 1.41) drops it
        take it out, or use a newer engine"
    `);
    expect(problems({ ...world, machine: { engine: { ...old, drops: [] }, networks: [] } })).toBe('');
  });

  it('that are not there, or whose profile is not active', () => {
    const wanted = { inactiveServices: ['debug'] };
    expect(problems({ services: [service('web'), service('db')], wanted, options: { targets: ['debug', 'wbe', 'web'] } }))
      .toMatchInlineSnapshot(`
      "error unknown-service: service debug belongs to a profile that is not active
        activate its profile with --profile
      error unknown-service: there is no service wbe
        the stack has: db, web"
    `);
  });
});
