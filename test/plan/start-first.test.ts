import { expect, it } from 'vitest';
import type { Mount, Settings } from '../../src/model/settings.ts';
import { startsFirst, whyNotStartFirst } from '../../src/plan/start-first.ts';
import { seen, service } from '../kit/builders.ts';

const wish = { order: 'start-first', failureAction: 'rollback', monitorMs: 20, parallelism: 0 } as const;
const of = (settings: Partial<Settings> = {}, order: 'start-first' | 'stop-first' = 'start-first') => {
  const web = service('web', { settings, update: { ...wish, order } });
  return { want: { service: web, replica: web.replicas[0]! }, have: seen(service('web')) };
};
const port = (published: string) => ({ target: 80, protocol: 'tcp' as const, host_ip: '', published });
const mount = (more: Partial<Mount>): Partial<Settings> => ({
  volumes: [{ type: 'volume', source: 'shop_data', target: '/data', read_only: false, ...more }],
});

it.each<[string | undefined, Partial<Settings>]>([
  [undefined, {}],
  ['it publishes a host port', { ports: [port(''), port('8080')] }],
  [undefined, { ports: [port('')] }],
  ['it uses the host network', { network_mode: 'host' }],
  [undefined, { network_mode: 'none' }],
  ['it shares the network of another service', { network_mode: 'service:db' }],
  ['it shares the network of another container', { network_mode: 'container:db' }],
  ['it shares the processes of another service', { pid: 'service:db' }],
  ['it shares the memory of another service', { ipc: 'service:db' }],
  ['it shares the volumes of another service', { volumes_from: ['db'] }],
  ['it writes to a volume', mount({})],
  ['it writes to a volume', mount({ type: 'bind', source: '/srv' })],
  [undefined, mount({ read_only: true })],
  [undefined, mount({ source: '' })],
  [undefined, mount({ type: 'tmpfs', source: 'x' })],
])('what stands in the way of a new container beside the old one: %s', (why, settings) => {
  expect(whyNotStartFirst(of(settings))).toBe(why);
  expect([startsFirst(of(settings)), startsFirst(of(settings, 'stop-first'))]).toEqual([why === undefined, false]);
});

it('work in a volume of it does, for which the old one has to stand still', () => {
  const field = { path: 'volume shop_data', want: 'it is copied', cause: 'data' } as const;
  const mends = ['standstill', 'pause', 'update'] as const;
  expect(
    mends.map((mend) =>
      whyNotStartFirst({
        ...of(),
        fields: [
          { ...field, mend },
          { ...field, mend: 'replace' },
        ],
      }),
    ),
  ).toEqual(['work is done in a volume of it meanwhile', 'work is done in a volume of it meanwhile', undefined]);
});

it('another name or a network that is made anew stands in the way as well', () => {
  const { want } = of();
  expect(whyNotStartFirst({ want, have: seen(service('web'), { name: 'other' }) })).toBe('its container gets another name');
  expect(whyNotStartFirst({ ...of(), leaves: ['shop_default'] })).toBe('a network that it is on is made anew');
  expect(whyNotStartFirst({ ...of(), leaves: [] })).toBeUndefined();
  expect(whyNotStartFirst({ ...of(), frees: ['shop_data'] })).toBe('a volume that it mounts is made anew');
});
