import { expect, it } from 'vitest';
import type { ServiceSpec } from '../../src/model/desired.ts';
import { plan } from '../../src/plan/plan.ts';
import { plainOptions, type PlanOptions } from '../../src/plan/options.ts';
import { stepsText } from '../../src/render/steps-text.ts';
import { desired, image, needs, observed, seen, service } from '../kit/builders.ts';

const db = service('db', { settings: { healthcheck: { test: ['CMD', 'check'] } } });
const web = service('web', { dependsOn: [needs('db')] });

/** The steps for these services on a machine with these containers. */
const steps = (
  services: readonly ServiceSpec[],
  machine: Parameters<typeof observed>[0] = {},
  options: Partial<PlanOptions> = {},
): string => stepsText(plan(desired({ services }), observed(machine), { ...plainOptions, ...options }));

it('keeps the old container under another name until the new one is ready', () => {
  expect(steps([db, web], { containers: [seen(db), seen(web, { settings: { user: 'nobody' } })] })).toMatchInlineSnapshot(`
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
    - remove container shop-web-1.before-ed891d8d10b6  (it was changed outside the file)
        after service.await shop-web-1
    "
  `);
});

it('starts the new container before the old one stops when that is asked for', () => {
  const first = service('web', { update: { ...web.update, order: 'start-first' } });
  expect(steps([first], { containers: [seen(first, { settings: { user: 'nobody' } })] })).toMatchInlineSnapshot(`
    "+ create container shop-web-1.next from nginx:1  (it was changed outside the file)
    > start container shop-web-1.next  (it was changed outside the file)
        after container.create shop-web-1.next
    ? wait until shop-web-1.next runs stably  (it was changed outside the file)
        after container.start shop-web-1.next
    ~ update restart of container shop-web-1  (it was changed outside the file)
        after service.await shop-web-1.next
    # stop container shop-web-1  (it was changed outside the file)
        after container.update shop-web-1 restart
    ~ rename container shop-web-1 to shop-web-1.before-ed891d8d10b6  (it was changed outside the file)
        after container.stop shop-web-1
    ~ rename container shop-web-1.next to shop-web-1  (it was changed outside the file)
        after container.rename shop-web-1
    - remove container shop-web-1.before-ed891d8d10b6  (it was changed outside the file)
        after container.rename shop-web-1.next
    "
  `);
});

it('solves two services that swap their ports: both let go before either starts', () => {
  const ports = (published: string) => [{ target: 80, protocol: 'tcp' as const, host_ip: '', published }];
  const [left, right] = [service('left', { settings: { ports: ports('8001') } }), service('right', { settings: { ports: ports('8002') } })];
  const containers = [seen(left, { settings: { ports: ports('8002') } }), seen(right, { settings: { ports: ports('8001') } })];
  expect(steps([left, right], { containers })).toMatchInlineSnapshot(`
    "~ update restart of container shop-left-1  (it was changed outside the file)
    # stop container shop-left-1  (it was changed outside the file)
        after container.update shop-left-1 restart
    ~ rename container shop-left-1 to shop-left-1.before-7448bbffbaca  (it was changed outside the file)
        after container.stop shop-left-1
    ~ update restart of container shop-right-1  (it was changed outside the file)
    # stop container shop-right-1  (it was changed outside the file)
        after container.update shop-right-1 restart
    ~ rename container shop-right-1 to shop-right-1.before-cc012d76018e  (it was changed outside the file)
        after container.stop shop-right-1
    + create container shop-left-1 from nginx:1  (it was changed outside the file)
        after container.rename shop-left-1, container.rename shop-right-1
    > start container shop-left-1  (it was changed outside the file)
        after container.create shop-left-1
    ? wait until shop-left-1 runs stably  (it was changed outside the file)
        after container.start shop-left-1
    + create container shop-right-1 from nginx:1  (it was changed outside the file)
        after container.rename shop-right-1, container.rename shop-left-1
    > start container shop-right-1  (it was changed outside the file)
        after container.create shop-right-1
    ? wait until shop-right-1 runs stably  (it was changed outside the file)
        after container.start shop-right-1
    - remove container shop-left-1.before-7448bbffbaca  (it was changed outside the file)
        after service.await shop-left-1, service.await shop-right-1
    - remove container shop-right-1.before-cc012d76018e  (it was changed outside the file)
        after service.await shop-left-1, service.await shop-right-1
    "
  `);
});

it('lets who shares a network go before its peer does, and join again when the peer has its final name', () => {
  const vpn = service('vpn', { update: { ...web.update, order: 'start-first' } });
  const torrent = service('torrent', { settings: { network_mode: 'service:vpn' } });
  expect(steps([vpn, torrent], { containers: [seen(vpn, { settings: { user: 'nobody' } }), seen(torrent)] })).toMatchInlineSnapshot(`
    "~ update restart of container shop-torrent-1  (it was changed outside the file)
    # stop container shop-torrent-1  (it was changed outside the file)
        after container.update shop-torrent-1 restart
    ~ rename container shop-torrent-1 to shop-torrent-1.before-584368cdb9e4  (it was changed outside the file)
        after container.stop shop-torrent-1
    + create container shop-vpn-1.next from nginx:1  (it was changed outside the file)
        after container.rename shop-torrent-1
    > start container shop-vpn-1.next  (it was changed outside the file)
        after container.create shop-vpn-1.next
    ? wait until shop-vpn-1.next runs stably  (it was changed outside the file)
        after container.start shop-vpn-1.next
    ~ update restart of container shop-vpn-1  (it was changed outside the file)
        after service.await shop-vpn-1.next
    # stop container shop-vpn-1  (it was changed outside the file)
        after container.update shop-vpn-1 restart
    ~ rename container shop-vpn-1 to shop-vpn-1.before-0edf3d544853  (it was changed outside the file)
        after container.stop shop-vpn-1
    ~ rename container shop-vpn-1.next to shop-vpn-1  (it was changed outside the file)
        after container.rename shop-vpn-1
    + create container shop-torrent-1 from nginx:1  (it was changed outside the file)
        after container.rename shop-torrent-1, container.rename shop-vpn-1.next
    > start container shop-torrent-1  (it was changed outside the file)
        after container.create shop-torrent-1
    ? wait until shop-torrent-1 runs stably  (it was changed outside the file)
        after container.start shop-torrent-1
    - remove container shop-vpn-1.before-0edf3d544853  (it was changed outside the file)
        after container.rename shop-vpn-1.next, service.await shop-torrent-1
    - remove container shop-torrent-1.before-584368cdb9e4  (it was changed outside the file)
        after container.rename shop-vpn-1.next, service.await shop-torrent-1
    "
  `);
});

it('replaces only if the build ends in another image', () => {
  const built = service('app', {
    settings: { image: 'app:1' },
    build: { context: '/srv/app', dockerfile: '/srv/app/Dockerfile', args: {} },
  });
  const app = image('app:1');
  expect(steps([built], { images: { 'app:1': app, [app.id]: app }, containers: [seen(built)] }, { build: true })).toMatchInlineSnapshot(`
    "+ build image app:1 from /srv/app  (needed by its containers)
    ~ update restart of container shop-app-1  (its image changed)
        after image.build app:1
        unless app:1 turns out to be the same image
    # stop container shop-app-1  (its image changed)
        after container.update shop-app-1 restart
        unless app:1 turns out to be the same image
    ~ rename container shop-app-1 to shop-app-1.before-df29995837c3  (its image changed)
        after container.stop shop-app-1
        unless app:1 turns out to be the same image
    + create container shop-app-1 from app:1  (its image changed)
        after container.rename shop-app-1
        unless app:1 turns out to be the same image
    > start container shop-app-1  (its image changed)
        after container.create shop-app-1
        unless app:1 turns out to be the same image
    ? wait until shop-app-1 runs stably  (its image changed)
        after container.start shop-app-1
        unless app:1 turns out to be the same image
    - remove container shop-app-1.before-df29995837c3  (its image changed)
        after service.await shop-app-1
        unless app:1 turns out to be the same image
    "
  `);
});

it('replaces one after the other when the service says so', () => {
  const careful = service('web', { replicas: 2, update: { ...web.update, parallelism: 1 } });
  const containers = [1, 2].map((number) => seen(careful, { number, settings: { user: 'nobody' } }));
  const { steps: made } = plan(desired({ services: [careful] }), observed({ containers }));
  expect(made.find(({ id }) => id === 'container.update shop-web-2 restart')?.after).toContain('service.await shop-web-1');
});

it('gives a name from one service to another', () => {
  const [one, two] = [service('one', { settings: { container_name: 'front' } }), service('two')];
  const containers = [seen(one, { name: 'shop-one-1' }), seen(two, { name: 'front' })];
  expect(steps([one, two], { containers })).toMatchInlineSnapshot(`
    "~ rename container front to front.before-8973c4212f1b  (it was changed outside the file)
    ~ rename container shop-one-1 to front  (it was changed outside the file)
        after container.rename front
    ~ rename container front.before-8973c4212f1b to shop-two-1  (it was changed outside the file)
        after container.rename front
    "
  `);
});
