import { describe, expect, it } from 'vitest';
import type { ServiceSpec } from '../../src/model/desired.ts';
import type { Settings } from '../../src/model/settings.ts';
import { idOf, image, seen, service } from '../kit/builders.ts';
import { problems, web, type World } from './problems-kit.ts';

describe('images', () => {
  const lines = ['services.web.image', 'services.web.platform', 'services.web.volumes./pages'];
  const held = `sha256:${'ab'.repeat(32)}`;
  const never = { pullPolicy: 'never' } as const;
  const pages = { volumes: [{ type: 'image', source: 'pages:1', target: '/pages', read_only: true }] } as Partial<Settings>;

  it('that are not here, are for another machine, or cannot be asked for', () => {
    const all = [
      problems({ services: [web({}, never)], machine: { images: {} }, lines }),
      problems({ services: [web(pages, never)], lines }),
      problems({
        services: [web({ platform: 'linux/arm64' }, never)],
        machine: { images: { 'nginx:1': { ...image('nginx:1'), platform: 'linux/amd64' } } },
        lines,
      }),
      problems({ machine: { images: { 'nginx:1': { ...image('nginx:1'), inRegistry: 'unreachable' } } }, lines }),
      problems({ services: [web({}, { pinned: held })], machine: { images: {} }, lines }),
      problems({
        services: [web({}, { pinned: held })],
        machine: { images: { [held]: { ...image('x'), registryDigest: 'sha256:new' } } },
        lines,
      }),
      problems({ services: [web({ platform: 'linux/arm64' }), service('api', { settings: { platform: 'linux/amd64' } })], lines }),
      problems({ services: [web({ platform: 'linux/arm64' }), service('api', { settings: { platform: 'linux/arm64' } })], lines }),
    ];
    expect(all.join('\n')).toMatchInlineSnapshot(`
      "error image-missing @services.web.image: image nginx:1 is not here, and pull_policy of web is never
        load or build the image, or let it be pulled
      error image-missing @services.web.volumes./pages: image pages:1 is not here, and pull_policy of web is never
        load or build the image, or let it be pulled
      error image-missing @services.web.image: image nginx:1 is here for linux/amd64, not for linux/arm64, and pull_policy of web is never
        load or build the image, or let it be pulled
      warning registry-unreachable @services.web.image: the registry of nginx:1 cannot be reached; the local image is used
        
      error image-missing @services.web.image: the image sha256:abababababababababababababababababababababababababababababababab, which nginx:1 is locked to, is not here, and no registry has it by its id
        load that image, or take over what is here with: stackctl lock
      warning tag-moved @services.web.image: nginx:1 now means sha256:new; stack.lock.yaml holds sha256:abababababababababababababababababababababababababababababababab
        stackctl lock takes it over
      error two-platforms: api wants nginx:1 for linux/amd64, and another service wants it for linux/arm64: an engine has one image of a name
        give one of them an image of its own, such as NAME@sha256:… of that platform
      "
    `);
  });
});

describe('what a service shares with others', () => {
  const lines = [
    'services.web.network_mode',
    'services.web.volumes_from.1',
    'services.web.volumes_from',
    'services.web.ipc',
    'services.web.links',
    'services.web.external_links.far',
  ];
  const stopped = { id: idOf('far'), name: 'far', running: false, ports: [] };
  const gone = service('db', { replicas: 0 });

  it('that is not there, does not run, or cannot be shared', () => {
    const on = (settings: Partial<Settings>, more: Omit<World, 'services'> & { readonly beside?: readonly ServiceSpec[] } = {}) =>
      problems({ ...more, services: [web(settings), ...(more.beside ?? [])], lines });
    const all = [
      on({ network_mode: 'service:db' }, { beside: [gone] }),
      on({ network_mode: 'service:db' }, { beside: [service('db')], options: { targets: ['web'], noDependencies: true } }),
      on({ ipc: 'service:db' }, { beside: [service('db')] }),
      on({ ipc: 'service:db' }, { beside: [service('db', { settings: { ipc: 'none' } })] }),
      on({ ipc: 'service:db' }, { beside: [service('db', { settings: { ipc: 'shareable' } })] }),
      on({ network_mode: 'container:shop-db-1' }, { beside: [service('db')] }),
      on({ volumes_from: ['x', 'container:shop-db-1:ro'] }, { beside: [service('db'), service('x')] }),
      on({ network_mode: 'container:fra' }, { machine: { others: [stopped] } }),
      on({ network_mode: 'container:elsewhere' }),
      on({ network_mode: 'container:far' }, { machine: { others: [stopped] } }),
      on({ network_mode: 'container:far' }, { machine: { others: [{ ...stopped, running: true }] } }),
      on({ volumes_from: ['container:far'] }, { machine: { others: [stopped] } }),
      on({ links: ['db'] }, { beside: [gone] }),
      on({ external_links: ['far:away', 'shop-web-1'] }),
      on({ external_links: ['far'], network_mode: 'bridge' }),
    ];
    expect(all.join('\n--\n')).toMatchInlineSnapshot(`
      "error peer-missing @services.web.network_mode: web shares with db, of which no container is wanted
        let db have at least one container
      --
      error peer-missing @services.web.network_mode: web shares with db, which is not there and not part of this run
        let db come up with it
      --
      error ipc-not-shareable @services.web.ipc: web cannot share the memory of db, whose ipc is private
        write "ipc: shareable" in db
      --
      error ipc-not-shareable @services.web.ipc: web cannot share the memory of db, whose ipc is none
        write "ipc: shareable" in db
      --

      --
      error peer-of-stack @services.web.network_mode: web names the container shop-db-1, which this stack makes itself
        write "service:db", so that both go together
      --
      error peer-of-stack @services.web.volumes_from.1: web names the container shop-db-1, which this stack makes itself
        write "db", so that both go together
      --
      error peer-missing @services.web.network_mode: there is no container fra
        did you mean "far"?
      --
      error peer-missing @services.web.network_mode: there is no container elsewhere
        start it first: it is not made by this stack
      --
      error peer-not-running @services.web.network_mode: web shares with the container far, which does not run
        start it first
      --

      --

      --
      error peer-missing @services.web.links: web is linked to db, of which no container is wanted
        let db have at least one container, or take the link out
      --
      warning peer-missing @services.web.external_links.far: there is no container far
        start it first: it is not made by this stack
      --
      error peer-missing @services.web.external_links.far: there is no container far
        start it first: it is not made by this stack"
    `);
  });
});

describe('host ports', () => {
  const port = (published: string, more = {}) => ({ target: 80, protocol: 'tcp' as const, host_ip: '', published, ...more });
  const lines = ['services.web.ports', 'services.web.ports.1', 'services.web.ports.8080:80/tcp', 'services.api.ports'];

  it('that two want, that several replicas want, or that somebody has', () => {
    const both = [web({ ports: [port('8080')] }), service('api', { settings: { ports: [port('8080', { host_ip: '127.0.0.1' })] } })];
    const held = seen(service('old', { settings: { ports: [port('8080')] } }), { files: ['/elsewhere.yaml'] });
    const other = { id: idOf('other'), name: 'other', running: true, ports: [port('8080')] };
    const all = [
      problems({ services: both, lines }),
      problems({ services: [web({ ports: [port('8080'), port('8080', { target: 81 })] })], lines }),
      problems({ services: [web({ ports: [port('8080')] }, { replicas: 2 })], lines }),
      problems({ services: [web({ ports: [port('8080')] })], machine: { containers: [held] }, lines }),
      problems({ services: [web({ ports: [port('8080')] })], machine: { others: [other] }, lines }),
      problems({ services: [web({ container_name: 'shop-old-1' })], machine: { containers: [held] }, lines: ['services.web'] }),
    ];
    expect(all.join('\n')).toMatchInlineSnapshot(`
      "error port-twice @services.web.ports.8080:80/tcp: port 8080/tcp is published by both api and web
        give one of them another port
      error port-twice @services.web.ports.1: port 8080/tcp is published by web twice
        give one of them another port
      error port-of-replicas @services.web.ports.8080:80/tcp: web has 2 replicas, but only one of them can have port 8080/tcp
        publish a range such as "8000-8010:80", or only the container port
      warning orphan-of-other-files: container shop-old-1 (service old) belongs to this stack but was declared in /elsewhere.yaml, which was not read now; it is left alone
        name that file with -f as well, or remove the container with --remove-orphans
      error port-taken @services.web.ports.8080:80/tcp: port 8080/tcp, which web publishes, is held by container shop-old-1 of this stack, which this plan leaves as it is
        stop that container, or let this plan include its service old
      error port-taken @services.web.ports.8080:80/tcp: port 8080/tcp, which web publishes (8080:80/tcp), is held by container other (d9298a10d1b0, of no stack)
        stop that container (docker stop other), or declare another port
      warning orphan-of-other-files: container shop-old-1 (service old) belongs to this stack but was declared in /elsewhere.yaml, which was not read now; it is left alone
        name that file with -f as well, or remove the container with --remove-orphans
      error name-taken @services.web: the container name shop-old-1 is taken by a container of this stack's service old, which this plan leaves as it is
        remove or rename that container, or let this plan include its service"
    `);
  });
});
