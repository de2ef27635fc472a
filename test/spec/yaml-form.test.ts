import { expect, it } from 'vitest';
import { yamlForm } from '../../src/spec/yaml-form.ts';

const formed = (service: object): unknown =>
  (yamlForm({ services: { a: service } }) as { services: { a: Record<string, unknown> } }).services.a;

it.each<[string, object, (service: never) => object, string]>([
  [
    'blkio_config',
    { blkio_config: { device_read_bps: [], weight_device: [], weight: 1 } },
    (service: { blkio_config: object }) => service.blkio_config,
    'weight weight_device device_read_bps',
  ],
  [
    'gpus',
    { gpus: [{ options: {}, count: 1, driver: 'd' }] },
    (service: { gpus: object[] }) => service.gpus[0] ?? {},
    'driver count options',
  ],
  [
    'secrets of a build',
    { build: { secrets: [{ mode: '07', gid: '1', source: 's' }] } },
    (service: { build: { secrets: object[] } }) => service.build.secrets[0] ?? {},
    'source gid mode',
  ],
  [
    'what a watch executes',
    { develop: { watch: [{ exec: { environment: {}, working_dir: '/', command: [] } }] } },
    (service: { develop: { watch: { exec: object }[] } }) => service.develop.watch[0]?.exec ?? {},
    'command working_dir environment',
  ],
  ['a provider', { provider: { options: {}, type: 't' } }, (service: { provider: object }) => service.provider, 'type options'],
])('orders the keys of %s as the reference does', (_name, service, part, keys) =>
  expect(Object.keys(part(formed(service) as never)).join(' ')).toBe(keys),
);

it('leaves out commands that are null, which only JSON has', () => {
  expect(formed({ image: 'i', command: null, entrypoint: null })).toEqual({ image: 'i' });
  expect(formed({ image: 'i', command: [], entrypoint: [] })).toEqual({ image: 'i', command: [], entrypoint: [] });
});
