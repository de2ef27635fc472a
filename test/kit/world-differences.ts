import type { SeenContainer } from '../../src/model/observed.ts';
import type { Settings } from '../../src/model/settings.ts';
import { idOf, stack } from './builders.ts';

/** Ways in which a container may not be what is wanted. */
const changes: { readonly [difference: string]: (settings: Settings, port: number) => Settings } = {
  environment: (settings) => ({ ...settings, environment: { ...settings.environment, LEVEL: 'other' } }),
  'one more variable': (settings) => ({ ...settings, environment: { ...settings.environment, MORE: '1' } }),
  label: (settings) => ({ ...settings, labels: { ...settings.labels, tier: 'front' } }),
  command: (settings) => ({ ...settings, command: ['serve', '--all'] }),
  user: (settings) => ({ ...settings, user: 'nobody' }),
  port: (settings, port) =>
    settings.network_mode ? settings : { ...settings, ports: [{ target: 80, protocol: 'tcp', host_ip: '', published: String(port) }] },
  'no port': ({ ports: _ports, ...settings }) => settings,
  'one more network': (settings) => withNetwork(settings, `${stack}_gone`, idOf(`network ${stack}_gone`)),
  'no network': (settings) => (settings.networks ? { ...settings, networks: {} } : settings),
  'stale network': (settings) => (settings.networks ? withNetwork(settings, `${stack}_default`, idOf('a network that is gone')) : settings),
  aliases: (settings) =>
    settings.networks
      ? {
          ...settings,
          networks: { ...settings.networks, [`${stack}_default`]: { aliases: ['other'], id: idOf(`network ${stack}_default`) } },
        }
      : settings,
  'stale network with other aliases': (settings) =>
    settings.networks
      ? {
          ...settings,
          networks: { ...settings.networks, [`${stack}_default`]: { aliases: ['other'], id: idOf('a network that is gone') } },
        }
      : settings,
  // The engine does not show the policy "no"
  restart: ({ restart, ...settings }) => (restart === 'always' ? settings : { ...settings, restart: 'always' }),
  memory: (settings) => ({ ...settings, resources: { memory: 32 * 1024 ** 2 } }),
  'no memory limit': ({ resources: _resources, ...settings }) => settings,
  health: (settings) => ({ ...settings, healthcheck: { test: ['CMD', 'true'] } }),
  volume: (settings) => ({
    ...settings,
    volumes: [...(settings.volumes ?? []), { type: 'volume', source: 'elsewhere', target: '/more', read_only: false }],
  }),
  hooks: (settings) => ({ ...settings, post_start: [{ command: ['hook', 'up before'] }] }),
  processes: (settings) => ({ ...settings, pid: 'host' }),
  'volumes of another': (settings) => ({ ...settings, volumes_from: ['container:elsewhere'] }),
  'image name': (settings) => ({ ...settings, image: 'nginx:0' }),
};

export type Difference = string;

export const differences: readonly Difference[] = [...Object.keys(changes), 'image'];

export function withDifferences(seen: SeenContainer, differs: readonly Difference[], port: number): SeenContainer {
  const settings = differs.reduce((now, difference) => changes[difference]?.(now, port) ?? now, seen.settings);
  return { ...seen, settings, ...(differs.includes('image') && { imageId: `sha256:${idOf('an older image')}` }) };
}

const withNetwork = (settings: Settings, name: string, id: string): Settings => ({
  ...settings,
  networks: { ...settings.networks, [name]: { aliases: settings.networks?.[name]?.aliases ?? ['other'], id } },
});
