import { expect, it } from 'vitest';
import type { ServiceSpec } from '../../src/model/desired.ts';
import { plan } from '../../src/plan/plan.ts';
import { plainOptions, type PlanOptions } from '../../src/plan/options.ts';
import { stepsText } from '../../src/render/steps-text.ts';
import { desired, needs, network, observed, seen, service, state } from '../kit/builders.ts';

const db = service('db', { settings: { healthcheck: { test: ['CMD', 'check'] } } });
const web = service('web', { dependsOn: [needs('db')] });
const healthy = state('running', { health: 'healthy' });

/** The steps for these services on a machine with these containers. */
const steps = (
  services: readonly ServiceSpec[],
  machine: Parameters<typeof observed>[0] = {},
  options: Partial<PlanOptions> = {},
): string => stepsText(plan(desired({ services }), observed(machine), { ...plainOptions, ...options }));

it('brings up a stack from nothing, what is needed first, each behind its gate', () => {
  expect(steps([db, web], { images: {}, networks: [] })).toMatchInlineSnapshot(`
    "+ pull image nginx:1  (needed by its containers)
    + create network shop_default  (it is not there yet)
        after image.pull nginx:1
    + create container shop-db-1 from nginx:1  (it is not there yet)
        after image.pull nginx:1, network.create shop_default
    > start container shop-db-1  (it is not there yet)
        after container.create shop-db-1
    ? wait until shop-db-1 is healthy  (it is not there yet)
        after container.start shop-db-1
    + create container shop-web-1 from nginx:1  (it is not there yet)
        after image.pull nginx:1, network.create shop_default, service.await shop-db-1
    > start container shop-web-1  (it is not there yet)
        after container.create shop-web-1
    ? wait until shop-web-1 runs stably  (it is not there yet)
        after container.start shop-web-1
    "
  `);
});

it('does nothing when all is as wanted', () => {
  expect(steps([db, web], { containers: [seen(db), seen(web)] })).toBe('nothing to do\n');
});

it('changes in place what can be changed in place, and waits for nothing', () => {
  const limited = service('web', { settings: { restart: 'no', resources: { memory: 64 } } });
  expect(steps([limited], { containers: [seen(limited, { settings: { restart: 'always', resources: { memory: 32 } } })] }))
    .toMatchInlineSnapshot(`
    "~ update restart and memory of container shop-web-1  (it was changed outside the file)
    "
  `);
});

it('sets a limit where there was none only when all else is done', () => {
  const limited = service('web', { settings: { resources: { memory: 64 } } });
  const { resources: _none, ...settings } = seen(limited).settings;
  expect(steps([limited], { containers: [{ ...seen(limited), settings }] })).toMatchInlineSnapshot(`
    "~ update memory of container shop-web-1  (it was changed outside the file)
    "
  `);
});

it('removes what is declared nowhere after everything else, the network after its containers', () => {
  const gone = service('gone', { settings: { networks: { shop_old: { aliases: ['gone'] } } } });
  const networks = [
    { ...network('default'), id: 'n1', driver: 'bridge', labels: {}, stack: 'shop' },
    { ...network('old'), id: 'n2', driver: 'bridge', labels: {}, stack: 'shop' },
  ];
  const changed = seen(web, { settings: { user: 'nobody' } });
  const at = (one: typeof changed) => ({
    ...one,
    settings: { ...one.settings, networks: { shop_default: { aliases: ['web'], id: 'n1' } } },
  });
  expect(steps([service('web')], { networks, containers: [at(changed), seen(gone)] })).toMatchInlineSnapshot(`
    "~ update restart of container shop-web-1  (it was changed outside the file)
    # stop container shop-web-1  (it was changed outside the file)
        after container.update shop-web-1 restart
    ~ rename container shop-web-1 to shop-web-1.before-ed891d8d10b6  (it was changed outside the file)
        after container.stop shop-web-1
    + create container shop-web-1 from nginx:1  (it was changed outside the file)
        after container.rename shop-web-1
    > start container shop-web-1  (it was changed outside the file)
        after container.create shop-web-1
    ? wait until shop-web-1 runs stably  (it was changed outside the file)
        after container.start shop-web-1
    ~ update restart of container shop-gone-1  (service gone is not declared any more)
        after service.await shop-web-1
    # stop container shop-gone-1  (service gone is not declared any more)
        after container.update shop-gone-1 restart
    ~ rename container shop-gone-1 to shop-gone-1.before-2a231e844736  (service gone is not declared any more)
        after container.stop shop-gone-1
    - remove container shop-web-1.before-ed891d8d10b6  (it was changed outside the file)
        after service.await shop-web-1, container.rename shop-gone-1
    - remove container shop-gone-1.before-2a231e844736  (service gone is not declared any more)
        after service.await shop-web-1, container.rename shop-gone-1
    - remove network shop_old  (declared nowhere)
        after service.await shop-web-1, container.rename shop-gone-1, container.remove shop-web-1.before-ed891d8d10b6, container.remove shop-gone-1.before-2a231e844736
    "
  `);
});

it('builds an image once, also for a service that only uses it', () => {
  const builder = service('app', {
    settings: { image: 'app:1' },
    build: { context: '/srv/app', dockerfile: '/srv/app/Dockerfile', args: {} },
  });
  const user = service('worker', { settings: { image: 'app:1' } });
  const kinds = plan(desired({ services: [user, builder] }), observed())
    .steps.filter(({ stage, action }) => stage === 'prepare' && action.kind.startsWith('image.'))
    .map(({ id }) => id);
  expect(kinds).toEqual(['image.build app:1']);
});

it('waits for a neighbour that does not change but is not ready yet', () => {
  expect(steps([db, web], { containers: [seen(db, { state: state('running', { health: 'starting' }) })] })).toMatchInlineSnapshot(`
    "? wait until shop-db-1 is healthy  (others wait for it)
    + create container shop-web-1 from nginx:1  (it is not there yet)
        after service.await shop-db-1
    > start container shop-web-1  (it is not there yet)
        after container.create shop-web-1
    ? wait until shop-web-1 runs stably  (it is not there yet)
        after container.start shop-web-1
    "
  `);
});

it('wakes what is paused, and starts what is stopped', () => {
  const [one, two] = [service('one'), service('two')];
  expect(steps([one, two], { containers: [seen(one, { state: state('paused') }), seen(two, { state: state('exited', { exitCode: 1 }) })] }))
    .toMatchInlineSnapshot(`
    "> unpause container shop-one-1  (it is paused)
    ? wait until shop-one-1 runs stably  (it is paused)
        after container.unpause shop-one-1
    > start container shop-two-1  (it is stopped, exit code 1)
    ? wait until shop-two-1 runs stably  (it is stopped, exit code 1)
        after container.start shop-two-1
    "
  `);
});

it('restarts who asked for it when what it needs is made anew', () => {
  const restarted = service('web', { dependsOn: [needs('db', 'service_started', { restart: true })] });
  const ids = plan(
    desired({ services: [db, restarted] }),
    observed({ containers: [seen(db, { settings: { user: 'nobody' }, state: healthy }), seen(restarted)] }),
  ).steps.map(({ id }) => id);
  expect(ids.indexOf('container.restart shop-web-1')).toBeGreaterThan(ids.indexOf('container.start shop-db-1'));
});

it('has no order for what it refuses', () => {
  const made = plan(
    desired({
      services: [
        web,
        service('db', { settings: { ports: [{ target: 1, protocol: 'tcp', host_ip: '', published: '80' }] } }),
        service('more', { settings: { ports: [{ target: 1, protocol: 'tcp', host_ip: '', published: '80' }] } }),
      ],
    }),
    observed(),
  );
  expect(made.steps).toEqual([]);
  expect(made.problems.map(({ code }) => code)).toContain('port-twice');
});

it('says of a container that the last apply left and nobody finds any more that it was there', () => {
  const left = [{ service: 'web', number: 1 }];
  const notes = (options: Partial<PlanOptions>) => plan(desired({ services: [web] }), observed(), { ...plainOptions, ...options }).changes;
  expect(notes({ left })).toMatchObject([{ verb: 'create', cause: 'drift', because: 'it was there, and is gone' }]);
  expect(notes({ left: [{ service: 'web', number: 2 }] })).toMatchObject([
    { verb: 'create', cause: 'file', because: 'it is not there yet' },
  ]);
});

it('takes a container that the engine gave up, and that nobody changed in the file, for drift', () => {
  const containers = [seen(web, { state: state('dead') })];
  expect(plan(desired({ services: [web] }), observed({ containers })).changes).toMatchObject([{ verb: 'replace', cause: 'drift' }]);
});

it('shows of a container that is made what people look for first', () => {
  const settings: Partial<ServiceSpec['settings']> = {
    ports: [{ target: 80, protocol: 'tcp', host_ip: '', published: '8080' }],
    volumes: [{ type: 'volume', source: 'shop_data', target: '/data', read_only: false }],
    user: 'nobody',
  };
  const [note] = plan(desired({ services: [service('web', { settings })] }), observed()).changes;
  expect(note).toMatchObject({ verb: 'create' });
  expect(note?.fields.map(({ path, want, mend }) => `${path} = ${JSON.stringify(want)} (${mend})`)).toEqual([
    'image = "nginx:1" (create)',
    'ports.8080:80/tcp = "8080:80/tcp" (create)',
    'volumes./data = "volume shop_data" (create)',
  ]);
});

it('gives a container that has to stop the time that x-stack says, else the time that it was made with', () => {
  const made = seen(web, { settings: { user: 'nobody', stop_grace_period: 60_000 } });
  const graceOf = (stopMs?: number) => {
    const timeouts = { ...web.timeouts, ...(stopMs !== undefined && { stopMs }) };
    const { steps: toDo, changes } = plan(desired({ services: [{ ...web, timeouts, dependsOn: [] }] }), observed({ containers: [made] }));
    return [toDo.find(({ id }) => id === 'container.stop shop-web-1')?.action.args, changes[0]?.interrupts];
  };
  expect(graceOf(5000)).toMatchObject([{ graceMs: 5000 }, 'stops shop-web-1 (up to 5 s to end), until it is ready again']);
  expect(graceOf()).toMatchObject([{ graceMs: 60_000 }, 'stops shop-web-1 (up to 60 s to end), until it is ready again']);
});

it('can be of some resources only', () => {
  const names = (only: readonly string[]) =>
    plan(desired({ services: [db, web] }), observed(), { ...plainOptions, only }).changes.map(({ name }) => name);
  expect([names(['container shop-web-1']), names([])]).toEqual([['shop-web-1'], []]);
});
